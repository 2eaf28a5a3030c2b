//! `pubflow config show`: every effective value and its origin.

use crate::config::{Settings, shown_checklist, shown_gates};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{SettingJson, SettingsDocument, table};

/// Prints the settings that hold in this directory.
pub(crate) fn show(ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(std::path::Path::new("."), &ctx.env)?;
    let mut rows = Vec::new();
    if let Some(setting) = &settings.default_index {
        rows.push(SettingJson::new(
            "default-index",
            &setting.value,
            &setting.origin,
        ));
    }
    for (key, value, origin) in settings.release.shown() {
        rows.push(SettingJson::new(key, &value, &origin));
    }
    for own in &settings.steps {
        let key = format!("step.{}", own.step.name);
        let value = format!("after {}: {}", own.after.name(), own.step.run.join(" "));
        rows.push(SettingJson::new(&key, &value, &own.origin));
    }
    let tables = [
        settings.smoke.shown(),
        settings.budgets.shown(),
        settings.build.shown(),
        settings.check.shown(),
    ];
    for (key, value, origin) in tables.into_iter().flatten() {
        rows.push(SettingJson::new(&key, &value, &origin));
    }
    let shown = shown_gates(&settings.gates)
        .into_iter()
        .chain(shown_checklist(&settings.checklist))
        .chain(settings.times.shown());
    for (key, value, origin) in shown {
        rows.push(SettingJson::new(&key, &value, &origin));
    }
    for (name, index) in &settings.indexes {
        for (key, setting) in index.named() {
            let Some(setting) = setting else { continue };
            let value = if key == "nonce" {
                "(set)"
            } else {
                setting.value.as_str()
            };
            rows.push(SettingJson::new(
                &format!("index.{name}.{key}"),
                value,
                &setting.origin,
            ));
        }
        let token = format!(
            "PUBFLOW_INDEX_{}_TOKEN",
            name.to_ascii_uppercase().replace(['-', '.'], "_")
        );
        if ctx.env.get(&token).is_some() {
            let origin = crate::config::Origin::Environment(token);
            rows.push(SettingJson::new(
                &format!("index.{name}.token"),
                "(set)",
                &origin,
            ));
        }
    }
    let cells: Vec<Vec<String>> = rows.iter().map(SettingJson::cells).collect();
    let text = table(&["key", "value", "origin"], &cells);
    ctx.print(&SettingsDocument::new(rows), &text)?;
    Ok(ExitCode::Done)
}
