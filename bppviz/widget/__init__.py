"""The ipywidgets around the picture."""
