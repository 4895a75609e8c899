"""Scripts that measure webkit against its peers. They are not part of the package."""
