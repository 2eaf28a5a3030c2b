//! Sections: levels are told by the order in which styles of titles appear.

use super::chars::normal_name;
use super::parser::{Machine, Parsed, Parser, halt, number};
use super::tree::Kind;
use crate::judge::Level;

/// Characters of the lines around a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TitleStyle {
    over: Option<char>,
    under: char,
}

impl TitleStyle {
    /// A line below the title.
    pub(super) fn under(underline: &str) -> Self {
        Self {
            over: None,
            under: underline.chars().next().unwrap_or(' '),
        }
    }

    /// Lines above and below the title.
    pub(super) fn both(overline: &str, underline: &str) -> Self {
        Self {
            over: overline.chars().next(),
            ..Self::under(underline)
        }
    }

    fn shown(&self) -> String {
        match self.over {
            Some(over) => format!("{over}/{}", self.under),
            None => self.under.to_string(),
        }
    }
}

impl Parser {
    /// Opens a section and moves the walk into it.
    pub(super) fn section(
        &mut self,
        m: &mut Machine,
        title: &str,
        source: &str,
        style: TitleStyle,
        line: isize,
    ) -> Parsed<()> {
        let mut around = Vec::new();
        let mut node = m.node;
        while self.tree[node].kind == Kind::Section {
            around.push(node);
            let Some(parent) = self.tree[node].parent else {
                break;
            };
            node = parent;
        }
        let old = around.len();
        let known = self.title_styles.iter().position(|known| *known == style);
        let level = known.unwrap_or(self.title_styles.len()) + 1;
        if level > old + 1 {
            let styles: Vec<String> = self.title_styles.iter().map(TitleStyle::shown).collect();
            let message = format!(
                "Inconsistent title style: skip from level {old} to {level}.\n\n{source}\n\n\
                 Established title styles: {}",
                styles.join(" ")
            );
            return halt(Level::Error, number(line), message);
        }
        if level <= old {
            m.node = self.tree[around[old - level]].parent.unwrap_or(m.node);
        }
        if known.is_none() {
            self.title_styles.push(style);
        }
        self.open_section(m, title, line)
    }

    fn open_section(&mut self, m: &mut Machine, title: &str, line: isize) -> Parsed<()> {
        let section = self.tree.create(Kind::Section);
        self.tree.append(m.node, section);
        let children = self.inline(title, line)?;
        let node = self.tree.with_children(Kind::Title, children);
        let name = normal_name(&self.tree.plain_text(node));
        self.tree[section].names.push(name);
        self.tree.append(section, node);
        self.note_implicit(section, Some(section))?;
        m.node = section;
        self.block = section;
        Ok(())
    }
}
