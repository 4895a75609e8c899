"""The table {{ cookiecutter.name }}."""

{{ cookiecutter.model_imports }}


class {{ cookiecutter.class_name }}(WithID, Model):
    """A row of the table."""

    __tablename__ = "{{ cookiecutter.name }}"

{{ cookiecutter.columns }}
