"""The language of templates: Liquid, parsed by python-liquid and run by us within limits."""
