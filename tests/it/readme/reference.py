"""Renders descriptions with the real readme_renderer, all in this process: JSON lines in and out.

In: {"text", "content_type"}. Out: {"verdict": "pass", "html"} or {"verdict": "fail", "line", "message"},
or {"verdict": "crash"} where the reference dies. Code is not highlighted. What docutils keeps of one
document for the next (roles, classes of formulas) is put back before each.
"""
import copy
import json
import sys

import readme_renderer.markdown
import readme_renderer.rst
from docutils.parsers.rst import roles
from docutils.utils import SystemMessage

TRANSLATOR = readme_renderer.rst.ReadMeHTMLTranslator
FORMULAS = copy.deepcopy(TRANSLATOR.math_tags)
ROLES = [(table, dict(table)) for table in (roles._roles, roles._role_registry)]
NOTHING = 'No content rendered from RST source.'

readme_renderer.rst.SETTINGS['syntax_highlight'] = 'none'
readme_renderer.markdown._highlight = lambda html: html
first = None


def remember(self, message, level):
    global first
    first = message
    Exception.__init__(self, message.astext())


SystemMessage.__init__ = remember


def rst(text):
    global first
    first = None
    TRANSLATOR.math_tags = copy.deepcopy(FORMULAS)
    for table, pristine in ROLES:
        table.clear()
        table.update(pristine)
    html = readme_renderer.rst.render(text)
    if html is not None:
        return {'verdict': 'pass', 'html': html}
    if first is None:
        return {'verdict': 'fail', 'line': None, 'message': NOTHING}
    parts = [child.astext() for child in first.children]
    return {'verdict': 'fail', 'line': first.get('line'), 'message': '\n\n'.join(parts).rstrip()}


def markdown(text):
    html = readme_renderer.markdown.render(text)
    return {'verdict': 'fail'} if html is None else {'verdict': 'pass', 'html': html}


for line in sys.stdin:
    question = json.loads(line)
    render = markdown if question['content_type'] == 'text/markdown' else rst
    try:
        answer = render(question['text'])
    except Exception as error:
        answer = {'verdict': 'crash', 'why': repr(error)}
    print(json.dumps(answer), flush=True)
