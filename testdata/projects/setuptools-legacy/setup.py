from setuptools import setup

setup(
    name="pubflow-setuptools-legacy",
    version="0.3.0",
    description="A module from before pyproject.toml, built by setuptools",
    long_description="A module from before pyproject.toml.",
    long_description_content_type="text/plain",
    python_requires=">=3.8",
    license="MIT-0",
    py_modules=["pubflow_setuptools_legacy"],
    entry_points={"console_scripts": ["pubflow-leap = pubflow_setuptools_legacy:main"]},
)
