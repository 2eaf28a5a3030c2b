//! Blocks: looks at the first line of each and hands it to its grammar family.

use super::chars::{column_width, lstrip, rstrip, strip};
use super::line::Line;
use super::mark::{Mark, is_ruler};
use super::parser::{Machine, Parsed, Parser, halt, number, quoting};
use super::section::TitleStyle;
use super::tree::Kind;
use crate::judge::Level;

impl Parser {
    /// Parses all lines of the walk into its node.
    pub(super) fn body(&mut self, m: &mut Machine) -> Parsed<()> {
        let mut as_text = false;
        while !m.ended && self.advance(m, 1) {
            let line = m.text().to_owned();
            let mark = if as_text { Mark::Text } else { Mark::of(&line) };
            as_text = !self.block(m, mark, &line)?;
            if as_text {
                self.back(m, 1);
            }
        }
        Ok(())
    }

    /// Parses one block; `false` if its first line turned out to be plain text.
    fn block(&mut self, m: &mut Machine, mark: Mark, line: &str) -> Parsed<bool> {
        match mark {
            Mark::Blank => Ok(true),
            Mark::Indent => self.indented_quote(m),
            Mark::Bullet(end) => self.bullet_list(m, line, end),
            Mark::Enumerator(end) => self.enumerated_list(m, line, end),
            Mark::Field(end) => self.field_list(m, end),
            Mark::Option(end) => self.option_list(m, end),
            Mark::Doctest => self.doctest(m),
            Mark::LineBlock(end) => self.line_block(m, end),
            Mark::GridTable => self.grid_table(m),
            Mark::SimpleTable => self.simple_table(m),
            Mark::Explicit(_) => {
                let finish = self.explicit_construct(m)?;
                self.explicit_list(m, finish)
            }
            Mark::Anonymous(end) => {
                let finish = self.anonymous_target(m, end)?;
                self.explicit_list(m, finish)
            }
            Mark::Line => self.ruler(m, line),
            Mark::Text => self.text(m),
        }
    }

    fn doctest(&mut self, m: &mut Machine) -> Parsed<bool> {
        let line = self.tree.current_line;
        let block = m.lines.ragged_block(m.index());
        self.advance(m, block.len() as isize - 1);
        let node = self.tree.with_text(Kind::DoctestBlock, block.joined());
        self.tree[node].line = line;
        self.tree.append(m.node, node);
        Ok(true)
    }

    /// A line of punctuation: overline, transition or text.
    fn ruler(&mut self, m: &mut Machine, line: &str) -> Parsed<bool> {
        if m.is_root {
            return self.overline(m);
        }
        let stripped = strip(line);
        if stripped == "::" {
            return Ok(false);
        }
        if stripped.chars().count() < 4 {
            self.inform(m.node);
            return Ok(false);
        }
        let message = quoting("Unexpected section title or transition.", line);
        halt(Level::Error, number(m.abs_number()), message)
    }

    /// The line after a line of punctuation decides; `false` if the punctuation is text.
    fn overline(&mut self, m: &mut Machine) -> Parsed<bool> {
        let overline = m.text().to_owned();
        let short = strip(&overline).chars().count() < 4;
        let has_line = self.advance(m, 1);
        let second = m.text().to_owned();
        match Mark::of(&second) {
            _ if !has_line || second.trim_matches(' ').is_empty() => {
                if short {
                    self.back(m, 1);
                    return Ok(false);
                }
                let node = self.tree.create(Kind::Transition);
                self.tree[node].line = m.current_source_line().map(|line| line - 1);
                self.tree.append(m.node, node);
                m.ended = !has_line;
                Ok(true)
            }
            _ if is_ruler(&second) => {
                if short {
                    self.inform(m.node);
                    self.back(m, 1);
                    return Ok(false);
                }
                let message = "Invalid section title or transition marker.";
                let message = quoting(message, &format!("{overline}\n{second}"));
                halt(Level::Error, number(m.abs_number() - 1), message)
            }
            _ => self.overlined_title(m, &overline, &second),
        }
    }

    /// A title between two lines of punctuation.
    fn overlined_title(&mut self, m: &mut Machine, overline: &str, title: &str) -> Parsed<bool> {
        let line = m.abs_number() - 1;
        let has_underline = self.advance(m, 1);
        let given = m.text().to_owned();
        let source = match has_underline {
            true => format!("{overline}\n{title}\n{given}"),
            false => format!("{overline}\n{title}"),
        };
        let (overline, underline) = (rstrip(overline), rstrip(&given));
        let problem = if !has_underline {
            Some((Level::Error, "Incomplete section title."))
        } else if !is_ruler(underline) {
            Some((
                Level::Error,
                "Missing matching underline for section title overline.",
            ))
        } else if overline != underline {
            Some((Level::Error, "Title overline & underline mismatch."))
        } else if column_width(rstrip(title)) > overline.chars().count() {
            Some((Level::Warning, "Title overline too short."))
        } else {
            None
        };
        if let Some((level, message)) = problem {
            if overline.chars().count() < 4 {
                self.inform(m.node);
                self.back(m, 2);
                return Ok(false);
            }
            return halt(level, number(line), quoting(message, &source));
        }
        let style = TitleStyle::both(overline, underline);
        self.section(m, lstrip(rstrip(title)), &source, style, line + 1)?;
        Ok(true)
    }

    /// A line of text: the next one tells paragraph, title and definition apart.
    fn text(&mut self, m: &mut Machine) -> Parsed<bool> {
        let Some(first) = m.line().cloned() else {
            return Ok(true);
        };
        let has_line = self.advance(m, 1);
        let second = m.text().to_owned();
        if !has_line || second.trim_matches(' ').is_empty() {
            let literal = self.paragraph(m, std::slice::from_ref(&first), m.abs_number() - 1)?;
            if literal {
                self.literal_block(m)?;
            }
            m.ended = !has_line;
            return Ok(true);
        }
        if second.starts_with(' ') {
            return self.definition_list(m, &first);
        }
        if is_ruler(&second) && self.underlined_title(m, &first, &second)? {
            return Ok(true);
        }
        self.text_block(m, first)?;
        Ok(true)
    }

    /// A title with a line under it; `false` if the line is too short to be one.
    fn underlined_title(&mut self, m: &mut Machine, first: &Line, second: &str) -> Parsed<bool> {
        let (title, underline) = (rstrip(first), rstrip(second));
        let line = m.abs_number();
        let quoted = format!("{}\n{second}", &**first);
        if column_width(title) > underline.len() {
            if underline.len() < 4 {
                if m.is_root {
                    self.inform(m.node);
                }
                return Ok(false);
            }
            let message = quoting("Title underline too short.", &quoted);
            return halt(Level::Warning, number(line), message);
        }
        if !m.is_root {
            let message = quoting("Unexpected section title.", &quoted);
            return halt(Level::Error, m.current_source_line(), message);
        }
        let source = format!("{title}\n{underline}");
        self.section(m, title, &source, TitleStyle::under(underline), line - 1)?;
        Ok(true)
    }

    /// A paragraph of at least two lines.
    fn text_block(&mut self, m: &mut Machine, first: Line) -> Parsed<()> {
        let start = m.abs_number() - 1;
        let (block, indented) = m.lines.text_block(m.index());
        self.advance(m, block.len() as isize - 1);
        let mut lines = vec![first];
        lines.extend(block.iter().cloned());
        // An error behind the block is reported before its inline markup is read.
        if let Some(line) = indented {
            return halt(Level::Error, Some(line), "Unexpected indentation.");
        }
        if self.paragraph(m, &lines, start)? {
            self.advance(m, 1);
            self.literal_block(m)?;
        }
        Ok(())
    }

    /// A paragraph; whether a literal block follows.
    pub(super) fn paragraph(&mut self, m: &Machine, lines: &[Line], line: isize) -> Parsed<bool> {
        let texts: Vec<&str> = lines.iter().map(|line| &**line).collect();
        let data = texts.join("\n");
        let data = rstrip(&data);
        let body = data.strip_suffix("::").filter(|body| {
            let n_escapes = body.len() - body.trim_end_matches('\\').len();
            n_escapes.is_multiple_of(2)
        });
        let text = match body {
            Some("") => return Ok(true),
            Some(body) if body.ends_with([' ', '\n']) => rstrip(body),
            Some(body) => &data[..=body.len()],
            None => data,
        };
        let children = self.inline(text, line)?;
        let paragraph = self.tree.with_children(Kind::Paragraph, children);
        self.tree[paragraph].text = data.to_owned();
        self.tree[paragraph].line = m.source_line(line);
        self.tree.append(m.node, paragraph);
        Ok(body.is_some())
    }
}
