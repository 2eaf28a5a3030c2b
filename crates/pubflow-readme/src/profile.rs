//! Versions of the renderer, as named settings.

/// The settings of one `readme_renderer` release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// 45.0: a lone top heading becomes the document's title and leaves the text. PyPI ran it in 2026.
    #[default]
    Renderer45,
    /// 46.0: headings stay where they are; alerts and shortcodes in Markdown.
    Renderer46,
}

impl Profile {
    /// The profile of a renderer's major version.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "45" => Some(Self::Renderer45),
            "46" => Some(Self::Renderer46),
            _ => None,
        }
    }

    /// The renderer's major version.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Renderer45 => "45",
            Self::Renderer46 => "46",
        }
    }

    /// Whether a lone heading is taken for the title of the document.
    pub(crate) fn promotes_titles(self) -> bool {
        self == Self::Renderer45
    }

    /// Whether `<` and `>` are escaped in the values of attributes, as HTML has asked since 2025.
    pub(crate) fn escapes_angles_in_attributes(self) -> bool {
        self == Self::Renderer46
    }

    /// Heading level of the outermost section.
    pub(crate) fn first_heading(self) -> usize {
        match self {
            Self::Renderer45 => 2,
            Self::Renderer46 => 1,
        }
    }

    /// Whether Markdown knows alerts and shortcodes for emoji.
    pub(crate) fn has_alerts(self) -> bool {
        self == Self::Renderer46
    }
}
