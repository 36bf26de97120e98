"""The site of the Python package: its reference from the docstrings, and pages for people.

The package must be importable. Nothing is fetched: no other site's index, no fonts, no pictures.
"""

import nvitop

project = 'nvitop'
author = 'the authors of nvitop'
release = version = nvitop.__version__

extensions = ['sphinx.ext.autodoc', 'sphinx.ext.napoleon', 'myst_parser']

# A module's public names are those of its __all__. What comes from Python or from psutil has its
# description there.
autodoc_default_options = {
    'members': True,
    'inherited-members': 'str,object,Process,tuple,dict,Exception,BaseException,Thread,ModuleType',
    'show-inheritance': True,
    'member-order': 'bysource',
}
# Frameworks that callbacks are for, and that are not needed to read about them.
autodoc_mock_imports = ['keras', 'lightning', 'pytorch_lightning']
autodoc_typehints_format = 'short'
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_preprocess_types = False
default_role = 'py:obj'  # a link where there is something of that name

html_theme = 'alabaster'
html_theme_options = {'description': 'What NVIDIA GPUs do, and who uses them', 'page_width': '1100px'}
html_title = f'nvitop {release} for Python'
html_show_copyright = False
