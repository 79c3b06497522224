"""The parts of the page of templates: the list, the editor, the variables and the versions."""
