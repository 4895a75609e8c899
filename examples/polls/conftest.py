"""What pytest reads first: tests run in the environment `testing`, and have the fixture `api`."""

pytest_plugins = ("webkit.pytest_plugin",)
