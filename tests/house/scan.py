"""A small reader of C: functions and their lengths, variables at file scope, prototypes and comments.

It knows the house's layout (a function's braces stand in column 0), not the language.
"""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = (".git", ".venv", "__pycache__")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
TEXT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')
FUNCTION_NAME = re.compile(r"(\w+)\s*\((?:[^()]|\([^()]*\))*\)\s*(?:__attribute__\s*\(\(.*?\)\)\s*)?$", re.DOTALL)
FUNCTION_TYPE = re.compile(r"^typedef\s[^;(]*?(\w+)\(", re.MULTILINE)
NOT_A_VARIABLE = re.compile(r"^\s*(typedef|extern|struct\s+\w+\s*$|union\s+\w+\s*$|enum\b[^=]*$|static_assert|_Static_assert|$)")


def project_files(root=ROOT):
    """Every file of ours: hidden folders of tools and build folders left out."""
    found = []
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if any(part in SKIPPED for part in parts) or re.match(r"build(-|$)", parts[0]):
            continue
        if path.is_file():
            found.append(path)
    return found


def without_comments(text):
    """The code alone; every line keeps its number. Texts become empty ones."""
    def blank(match):
        return "\n" * match.group().count("\n") or " "
    both = re.compile(f"({TEXT.pattern})|({COMMENT.pattern})", re.DOTALL)
    return both.sub(lambda m: '""' if m.group(1) else blank(m), text)


def functions(text):
    """(name, lines, parameters) of each function; its lines are those from the opening brace to the closing one."""
    lines = without_comments(text).split("\n")
    found, start = [], None
    for number, line in enumerate(lines):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start is not None:
            head = "\n".join(lines[max(0, start - 8):start])
            head = re.split(r"[;}]\s*\n|\n\s*\n|^#.*$", head, flags=re.MULTILINE)[-1]
            name = FUNCTION_NAME.search(head.rstrip())
            if name:
                found.append((name.group(1), number - start + 1, parameters(head)))
            start = None
    return found


def parameters(head):
    inside = head[head.index("(") + 1:head.rindex(")")].strip()
    if inside in ("", "void"):
        return 0
    flat = re.sub(r"\([^()]*\)", "", inside)
    return flat.count(",") + 1


def top_level(text):
    """The pieces at brace depth 0, bodies left out; each ends at `;` or at a closing brace."""
    code = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", "", without_comments(text), flags=re.MULTILINE)
    pieces, piece, depth = [], "", 0
    for character in code:
        if character == "{":
            if depth == 0:
                piece += "{"
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                piece += "}"
                if FUNCTION_NAME.search(piece[:piece.index("{")].rstrip()) and "=" not in piece[:piece.index("{")]:
                    pieces.append(piece)
                    piece = ""
        elif depth == 0:
            if character == ";":
                pieces.append(piece)
                piece = ""
            else:
                piece += character
    return pieces


def mutable_variables(text):
    """Variables at file scope, and static ones in functions, that are not const."""
    found, prototypes_of = [], set(FUNCTION_TYPE.findall(without_comments(text)))
    for piece in top_level(text):
        declaration = piece.split("=")[0]
        is_data = "=" in piece or "(" not in piece
        declaration = re.sub(r"\{\}?", "", declaration).strip()
        if not is_data or NOT_A_VARIABLE.match(declaration) or not re.search(r"\w\s+[*\s]*\w+", declaration):
            continue
        if re.match(r"^(struct|union|enum)\s+\w+$", declaration):
            continue
        type_name = re.match(r"^(?:static\s+)?(\w+)\s+\w", declaration)
        if type_name and type_name.group(1) in prototypes_of:
            continue
        if not is_const(declaration):
            found.append(" ".join(declaration.split()))
    for line in without_comments(text).split("\n"):
        inner = re.match(r"^\s+static\s+(?!inline\b)([^=;]+)", line)
        if inner and not is_const(inner.group(1)):
            found.append(" ".join(inner.group(1).split()))
    return found


def is_const(declaration):
    """A pointer is const when it is itself; anything else when it says so."""
    declaration = re.sub(r"\[[^]]*\]", "", declaration)
    pointer_to_function = re.search(r"\(\s*\*\s*(const\b)?[^()]*\)\s*\(", declaration)
    if pointer_to_function:
        return pointer_to_function.group(1) is not None
    if "*" in declaration:
        return "const" in declaration.rsplit("*", 1)[1]
    return re.search(r"\bconst\b", declaration) is not None


def prototypes(text):
    """(name, has a comment) of each function a header declares.

    A comment on the prototype's own lines counts, and one above it, with nothing but other prototypes between.
    """
    found, is_under_comment, is_open = [], False, False
    pending = ""
    for line in text.split("\n"):
        bare = COMMENT.sub("", line).strip()
        has_comment = "/*" in line or "//" in line or line.lstrip().startswith("*")
        if not line.strip() or line.startswith("#"):
            is_under_comment, pending = False, ""
            continue
        if has_comment and (not bare or line.lstrip().startswith("*")):
            is_under_comment = True
            continue
        if not is_open and not pending and not re.match(r"^[A-Za-z_][\w\s*]*\(?", bare):
            continue
        pending += " " + bare
        is_open = not pending.rstrip().endswith((";", "{", "}"))
        if has_comment:
            is_under_comment = True
        if not is_open:
            name = re.match(r"^\s*(?!typedef|struct\s+\w+\s*;|static|enum)[A-Za-z_][\w\s*]*?(\w+)\s*\(.*\).*;$", pending)
            if name and not line.startswith(" ") or (name and pending.strip()):
                found.append((name.group(1), is_under_comment))
            pending = ""
    return found


def comment_lines(text):
    """How many lines carry a comment."""
    both = re.compile(f"({TEXT.pattern})|({COMMENT.pattern})", re.DOTALL)
    return sum(match.group().count("\n") + 1 for match in both.finditer(text) if match.group(2))


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


def median(values):
    return percentile(values, 0.5)
