"""What clients of /{{ cookiecutter.name }}/ send and get."""

{{ cookiecutter.schema_imports }}


class {{ cookiecutter.class_name }}(Struct):
    """One of them, as it is kept."""

    id: int
{{ cookiecutter.kept_fields }}


class New{{ cookiecutter.class_name }}(Struct, kw_only=True):
    """What makes one, and replaces what a client has said of one."""

{{ cookiecutter.new_fields }}


class Patch{{ cookiecutter.class_name }}(Struct):
    """What changes one: the fields that are given."""

{{ cookiecutter.patch_fields }}{{ cookiecutter.filters }}
