//! Markdown documents, with the raw HTML that READMEs hold.

use super::dice::Dice;
use super::inline::{plain, plains, words};

/// A Markdown document.
pub fn markdown(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..dice.between(1, 9) {
        text.push_str(&block(dice, 0));
        text.push_str(if dice.one_in(20) { "\n" } else { "\n\n" });
    }
    text
}

fn span(dice: &mut Dice) -> String {
    let inner = plains(dice, 3);
    match dice.below(20) {
        0 => format!("*{inner}*"),
        1 => format!("**{inner}**"),
        2 => format!("`{inner}`"),
        3 => format!("[{inner}]({})", address(dice)),
        4 => format!("![{inner}]({})", address(dice)),
        5 => format!("[{inner}][ref]"),
        6 => format!("~~{inner}~~"),
        7 => format!("<{}>{inner}</{}>", "b", "b"),
        8 => dice
            .pick(&[
                "<br>",
                "<img src=\"x.png\" width=3 onerror=\"y\">",
                "<a href='javascript:x'>z</a>",
                "<script>no</script>",
                "<!-- c -->",
                "<svg><path/></svg>",
                "<kbd>K</kbd>",
                "<a name=\"n\" id=\"m\">t</a>",
                "&copy;",
                "&lt;",
                "<sub>2</sub>",
                "<title>t</title>",
                "<s>u</s>",
            ])
            .to_owned(),
        9 => dice
            .pick(&[
                "[^1]",
                "[^note]",
                "https://a.example/x",
                "www.b.example",
                "m@n.example",
                ":smile:",
                "<https://c.example>",
                "\\*",
                "  \nnext",
                "\\\nnext",
                "$x$",
                "@user",
                "#12",
                "**a*b",
                "_x_y_",
                "***",
            ])
            .to_owned(),
        10 | 11 => words(dice, 2),
        _ => inner,
    }
}

fn address(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "https://e.example/?a=1&b=2",
        "docs/x.md",
        "#part",
        "#fn-1",
        "./a.png \"Title 'x'\"",
        "<a b>",
        "mailto:x@y.example",
        "javascript:x",
        "",
        "data:image/png;base64,AAAA",
        "//h.example",
    ])
}

fn line(dice: &mut Dice, most: usize) -> String {
    let n = dice.between(1, most);
    (0..n).map(|_| span(dice)).collect::<Vec<_>>().join(" ")
}

fn block(dice: &mut Dice, depth: usize) -> String {
    let n = if depth > 2 { 8 } else { 18 };
    match dice.below(n) {
        0 => format!("{} {}", "#".repeat(dice.between(1, 6)), line(dice, 3)),
        1 => format!("{}\n{}", line(dice, 2), dice.pick(&["===", "---"])),
        2..=5 => line(dice, 8),
        6 => code(dice),
        7 => dice
            .pick(&[
                "---",
                "***",
                "[ref]: https://r.example \"T\"",
                "[^1]: Note *x*",
                "[^note]: A\n    b",
                "    code & <b>",
                "> [!NOTE]\n> text",
                "> [!warning] Own *title*\n> text",
            ])
            .to_owned(),
        8 | 9 => list(dice, depth, dice_marker(depth)),
        10 => list(dice, depth, "1. "),
        11 => list(dice, depth, "- [x] "),
        12 => indent("> ", "> ", &blocks(dice, depth)),
        13 => table(dice),
        14 | 15 => html(dice, depth),
        _ => line(dice, 5),
    }
}

fn dice_marker(depth: usize) -> &'static str {
    ["- ", "* ", "+ ", "- "][depth.min(3)]
}

fn blocks(dice: &mut Dice, depth: usize) -> String {
    (0..dice.between(1, 2))
        .map(|_| block(dice, depth + 1))
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn indent(first: &str, rest: &str, text: &str) -> String {
    format!("{first}{}", text.replace('\n', &format!("\n{rest}")))
}

fn list(dice: &mut Dice, depth: usize, marker: &str) -> String {
    let rest = " ".repeat(marker.len().min(3));
    let items: Vec<String> = (0..dice.between(1, 4))
        .map(|_| {
            let item = if dice.one_in(4) {
                blocks(dice, depth)
            } else {
                line(dice, 4)
            };
            indent(marker, &rest, &item)
        })
        .collect();
    items.join(if dice.one_in(3) { "\n\n" } else { "\n" })
}

fn code(dice: &mut Dice) -> String {
    let language = dice.pick(&["", "python", "bash", "rust,ignore", "c++", "\"x", "a&b"]);
    let fence = dice.pick(&["```", "~~~", "````"]);
    format!(
        "{fence}{language}\n{}\n{fence}",
        dice.pick(&[
            "x = \"1\"",
            "a < b && c",
            "",
            "<pre lang=\"x\">",
            "$ run\n\nout"
        ])
    )
}

fn table(dice: &mut Dice) -> String {
    let n = dice.between(1, 4);
    let row = |dice: &mut Dice| {
        let cells: Vec<String> = (0..n)
            .map(|_| span(dice).replace(['|', '\n'], ""))
            .collect();
        format!("| {} |", cells.join(" | "))
    };
    let marks: Vec<&str> = (0..n)
        .map(|_| dice.pick(&["---", ":--", "--:", ":-:"]))
        .collect();
    let (head, body) = (
        row(dice),
        (0..dice.below(4)).map(|_| row(dice)).collect::<Vec<_>>(),
    );
    format!("{head}\n| {} |\n{}", marks.join(" | "), body.join("\n"))
}

fn html(dice: &mut Dice, depth: usize) -> String {
    match dice.below(8) {
        0 => format!("<div align=\"center\" style=\"x\">\n\n{}\n\n</div>", block(dice, depth + 1)),
        1 => format!("<details open>\n<summary>{}</summary>\n\n{}\n\n</details>", plain(dice), block(dice, depth + 1)),
        2 => format!("<p align=center><img src=\"https://i.example/a.png\" alt=\"{}\"></p>", plain(dice)),
        3 => "<picture>\n<source srcset=\"d.png\" media=\"(prefers-color-scheme: dark)\">\n<img src=\"l.png\">\n</picture>".to_owned(),
        4 => format!("<h1>{}</h1>", line(dice, 2)),
        5 => "<table><tr><td colspan=2 style=x>a<td>b</table>".to_owned(),
        6 => dice.pick(&["<script>\nx\n</script>", "<style>x</style>", "<!-- a\n\nb -->", "<iframe src=x></iframe>", "<ul><li>a<li>b", "</div>", "<p><div>x</p>", "<a href=#x>", "<textarea>\n*x*\n</textarea>", "<pre>\n*x*\n\n</pre>"]).to_owned(),
        _ => format!("<section id=\"s\" class=\"c\">{}</section>", plain(dice)),
    }
}
