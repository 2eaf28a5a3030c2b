//! Images and figures.

use super::{Call, Outcome, error};
use crate::judge::Level;
use crate::rst::chars::{escape, join_uri, normal_name, normal_space};
use crate::rst::explicit::{Destination, destination};
use crate::rst::parser::{Parser, halt, number, quoting};
use crate::rst::tree::Kind;

pub(super) fn image(parser: &mut Parser, call: &mut Call) -> Outcome {
    check_align(call)?;
    if call.options.text("loading") == Some("embed") {
        // The reference would read a local file, which does not exist on PyPI.
        let uri = &call.arguments[0];
        return error(format!("Cannot embed image \"{uri}\":\n  file not found"));
    }
    let image = parser.tree.create(Kind::Image);
    let uri = join_uri(&escape(&call.arguments[0]));
    parser.tree[image].set("uri", uri);
    for name in ["alt", "height", "width", "align", "loading"] {
        if let Some(value) = call.options.text(name) {
            parser.tree[image].set(name, value);
        }
    }
    if let Some(scale) = call.options.number("scale") {
        parser.tree[image].set("scale", scale.to_string());
    }
    parser.tree[image].classes = call.options.list("class");
    parser.tree[image].line = call.source_line();
    let reference = call.options.text("target").map(|target| {
        let lines: Vec<String> = escape(target).lines().map(str::to_owned).collect();
        let node = parser.tree.create(Kind::Reference);
        match destination(&lines) {
            Destination::Uri(uri) => parser.tree[node].refuri = Some(uri),
            Destination::Name(name) => {
                parser.tree[node].refname = Some(normal_name(&name));
                parser.tree[node].set("name", normal_space(&name));
                parser.note_reference(node);
            }
        }
        node
    });
    parser.add_name(call, image)?;
    let Some(reference) = reference else {
        return Ok(vec![image]);
    };
    parser.tree.append(reference, image);
    Ok(vec![reference])
}

fn check_align(call: &Call) -> Result<(), super::Refusal> {
    if call.name.eq_ignore_ascii_case("figure") {
        return Ok(());
    }
    let Some(align) = call.options.text("align") else {
        return Ok(());
    };
    let (allowed, within) = match call.substitution {
        Some(_) => (
            ["top", "middle", "bottom"],
            " within a substitution definition",
        ),
        None => (["left", "center", "right"], ""),
    };
    if allowed.contains(&align) {
        return Ok(());
    }
    let (name, listed) = (&call.name, allowed.join("\", \""));
    error(format!(
        "Error in \"{name}\" directive: \"{align}\" is not a valid value for the \"align\" \
         option{within}.  Valid values for \"align\" are: \"{listed}\"."
    ))
}

pub(super) fn figure(parser: &mut Parser, call: &mut Call) -> Outcome {
    let nodes = image(parser, call)?;
    for node in &nodes {
        let target = parser.tree[*node]
            .children
            .first()
            .copied()
            .unwrap_or(*node);
        parser.tree[target]
            .attributes
            .retain(|(name, _)| *name != "align");
    }
    let figure = parser.tree.with_children(Kind::Figure, nodes);
    parser.tree[figure].line = call.source_line();
    if let Some(width) = call
        .options
        .text("figwidth")
        .filter(|width| *width != "image")
    {
        parser.tree[figure].set("width", width);
    }
    parser.tree[figure].classes = call.options.list("figclass");
    if let Some(name) = call.options.text("figname") {
        parser.tree[figure].names.push(normal_name(name));
        parser.note_explicit(figure, Some(figure))?;
    }
    if let Some(align) = call.options.text("align") {
        parser.tree[figure].set("align", align);
    }
    if call.content.is_empty() {
        return Ok(vec![figure]);
    }
    let holder = parser.tree.create(Kind::Fragment);
    parser.nested(call.content.clone(), call.content_offset, holder)?;
    let mut children = parser.tree.take_children(holder).into_iter();
    for child in children.by_ref() {
        match parser.tree[child].kind {
            Kind::Target | Kind::Pending => parser.tree.append(figure, child),
            Kind::Paragraph => {
                let (content, line) = (parser.tree.take_children(child), parser.tree[child].line);
                let caption = parser.tree.with_children(Kind::Caption, content);
                parser.tree[caption].line = line;
                parser.tree.append(figure, caption);
                break;
            }
            Kind::Comment if parser.tree[child].children.is_empty() => break,
            _ => {
                let message = "Figure caption must be a paragraph or empty comment.";
                let message = quoting(message, &call.source);
                return Err(halt::<()>(Level::Error, number(call.line), message)
                    .expect_err("a halt is an error")
                    .into());
            }
        }
    }
    let rest: Vec<_> = children.collect();
    if !rest.is_empty() {
        let legend = parser.tree.with_children(Kind::Legend, rest);
        parser.tree.append(figure, legend);
    }
    Ok(vec![figure])
}
