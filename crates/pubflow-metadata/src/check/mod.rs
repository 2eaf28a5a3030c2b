//! The checks of core metadata and of pyproject.toml: one file and one table row each.
//!
//! A check looks at one parsed subject and adds findings; it never fails. What needs an archive, a
//! source tree, a rendered description or an index is checked in other crates.

mod caret;
mod edits;
mod metadata;
#[cfg(test)]
mod probe;
mod pyproject;

mod arbitrary_equality;
mod authors;
mod backend;
mod backend_missing;
mod backend_not_required;
mod backend_pin;
mod backend_reference;
mod backend_too_old;
mod build_entry;
mod build_requires;
mod build_system_missing;
mod byte_order_mark;
mod change_log;
mod classifier_deprecated;
mod classifier_private;
mod classifier_twice;
mod classifier_unknown;
mod content_type;
mod dependency_contradiction;
mod dependency_direct;
mod dependency_groups;
mod dependency_invalid;
mod dependency_of_developers;
mod dependency_on_itself;
mod dependency_pin;
mod dependency_prerelease;
mod dependency_syntax;
mod description_long;
mod description_newline;
mod description_short;
mod dynamic_and_static;
mod dynamic_field;
mod dynamic_source;
mod dynamic_unknown;
mod entry_points;
mod extra_name;
mod field_too_new;
mod form_broken;
mod glob;
mod home_page;
mod identity;
mod import_name;
mod injection;
mod keywords;
mod licence_clash;
mod licence_classifier;
mod licence_deprecated;
mod licence_expression;
mod licence_file_path;
mod licence_reference;
mod licence_spelling;
mod licence_table;
mod mail_address;
mod marker_range;
mod metadata_large;
mod metadata_version;
mod name_spelling;
mod needless_wheel;
mod newer_toml;
mod not_toml;
mod project_key;
mod project_name;
mod project_types;
mod project_url;
mod project_version;
mod python_classifier_missing;
mod python_classifier_range;
mod python_release;
mod readme;
mod requirement_metadata;
mod requires_python;
mod requires_python_cap;
mod requires_python_missing;
mod script_name;
mod status_classifier;
mod summary;
mod tool_table;
mod top_level;
mod tree;
mod unknown_build_key;
mod urls;
mod urls_missing;
mod version_development;
mod version_elsewhere;
mod version_invalid;
mod version_local;
mod version_spelling;

#[cfg(test)]
mod tests;

use pubflow_finding::{Check, Findings, Rule};

pub use metadata::MetadataSubject;
pub use pyproject::PyprojectSubject;
pub use tree::ProjectTree;

/// Checks of a core metadata file, ordered by code.
pub static CHECKS_METADATA: &[Check<MetadataSubject>] = &[
    row(&requires_python::RULE, requires_python::check_metadata),
    row(
        &classifier_unknown::RULE,
        classifier_unknown::check_metadata,
    ),
    row(
        &classifier_deprecated::RULE,
        classifier_deprecated::check_metadata,
    ),
    row(
        &classifier_private::RULE,
        classifier_private::check_metadata,
    ),
    row(&import_name::RULE, import_name::check_metadata),
    row(&extra_name::RULE, extra_name::check_metadata),
    row(
        &licence_expression::RULE,
        licence_expression::check_metadata,
    ),
    row(&licence_spelling::RULE, licence_spelling::check_metadata),
    row(
        &licence_deprecated::RULE,
        licence_deprecated::check_metadata,
    ),
    row(
        &licence_classifier::RULE,
        licence_classifier::check_metadata,
    ),
    row(&licence_file_path::RULE, licence_file_path::check_metadata),
    row(&version_spelling::RULE, version_spelling::check_metadata),
    row(&version_local::RULE, version_local::check_metadata),
    row(
        &version_development::RULE,
        version_development::check_metadata,
    ),
    row(&metadata_version::RULE, metadata_version::check),
    row(&field_too_new::RULE, field_too_new::check),
    row(&form_broken::RULE, form_broken::check),
    row(&identity::RULE, identity::check),
    row(&summary::RULE, summary::check),
    row(&content_type::RULE, content_type::check),
    row(&mail_address::RULE, mail_address::check),
    row(&project_url::RULE, project_url::check),
    row(&home_page::RULE, home_page::check),
    row(&requirement_metadata::RULE, requirement_metadata::check),
    row(&dynamic_field::RULE, dynamic_field::check),
    row(&licence_clash::RULE, licence_clash::check),
    row(&metadata_large::RULE, metadata_large::check),
    row(&injection::RULE, injection::check),
];

/// Checks of a project's directory, with or without a pyproject.toml.
pub static CHECKS_TREE: &[Check<ProjectTree>] = &[row(&build_entry::RULE, build_entry::check)];

/// Checks of a pyproject.toml, ordered by code.
pub static CHECKS_PYPROJECT: &[Check<PyprojectSubject>] = &[
    row(&not_toml::RULE, not_toml::check),
    row(&byte_order_mark::RULE, byte_order_mark::check),
    row(&newer_toml::RULE, newer_toml::check),
    row(&top_level::RULE, top_level::check),
    row(&tool_table::RULE, tool_table::check),
    row(&build_system_missing::RULE, build_system_missing::check),
    row(&build_requires::RULE, build_requires::check),
    row(&backend_missing::RULE, backend_missing::check),
    row(&backend_reference::RULE, backend_reference::check),
    row(&unknown_build_key::RULE, unknown_build_key::check),
    row(&backend_not_required::RULE, backend_not_required::check),
    row(&needless_wheel::RULE, needless_wheel::check),
    row(&backend_too_old::RULE, backend_too_old::check),
    row(&backend_pin::RULE, backend_pin::check),
    row(&project_name::RULE, project_name::check),
    row(&project_version::RULE, project_version::check),
    row(&dynamic_and_static::RULE, dynamic_and_static::check),
    row(&dynamic_unknown::RULE, dynamic_unknown::check),
    row(&dynamic_source::RULE, dynamic_source::check),
    row(&project_key::RULE, project_key::check),
    row(&project_types::RULE, project_types::check),
    row(&description_newline::RULE, description_newline::check),
    row(&description_long::RULE, description_long::check),
    row(&description_short::RULE, description_short::check),
    row(&readme::RULE, readme::check),
    row(
        &requires_python_missing::RULE,
        requires_python_missing::check,
    ),
    row(&requires_python::RULE, requires_python::check_pyproject),
    row(&requires_python_cap::RULE, requires_python_cap::check),
    row(
        &python_classifier_range::RULE,
        python_classifier_range::check,
    ),
    row(&authors::RULE, authors::check),
    row(&keywords::RULE, keywords::check),
    row(
        &classifier_unknown::RULE,
        classifier_unknown::check_pyproject,
    ),
    row(
        &classifier_deprecated::RULE,
        classifier_deprecated::check_pyproject,
    ),
    row(&classifier_twice::RULE, classifier_twice::check),
    row(
        &classifier_private::RULE,
        classifier_private::check_pyproject,
    ),
    row(
        &python_classifier_missing::RULE,
        python_classifier_missing::check,
    ),
    row(&status_classifier::RULE, status_classifier::check),
    row(&urls::RULE, urls::check),
    row(&urls_missing::RULE, urls_missing::check),
    row(&entry_points::RULE, entry_points::check),
    row(&script_name::RULE, script_name::check),
    row(&import_name::RULE, import_name::check_pyproject),
    row(&name_spelling::RULE, name_spelling::check),
    row(&dependency_invalid::RULE, dependency_invalid::check),
    row(&dependency_direct::RULE, dependency_direct::check),
    row(&dependency_syntax::RULE, dependency_syntax::check),
    row(&marker_range::RULE, marker_range::check),
    row(&dependency_on_itself::RULE, dependency_on_itself::check),
    row(
        &dependency_contradiction::RULE,
        dependency_contradiction::check,
    ),
    row(&dependency_pin::RULE, dependency_pin::check),
    row(&arbitrary_equality::RULE, arbitrary_equality::check),
    row(&extra_name::RULE, extra_name::check_pyproject),
    row(&dependency_prerelease::RULE, dependency_prerelease::check),
    row(&dependency_groups::RULE, dependency_groups::check),
    row(
        &dependency_of_developers::RULE,
        dependency_of_developers::check,
    ),
    row(
        &licence_expression::RULE,
        licence_expression::check_pyproject,
    ),
    row(&licence_spelling::RULE, licence_spelling::check_pyproject),
    row(
        &licence_deprecated::RULE,
        licence_deprecated::check_pyproject,
    ),
    row(&licence_reference::RULE, licence_reference::check),
    row(&licence_table::RULE, licence_table::check),
    row(
        &licence_classifier::RULE,
        licence_classifier::check_pyproject,
    ),
    row(&licence_file_path::RULE, licence_file_path::check_pyproject),
    row(&version_invalid::RULE, version_invalid::check),
    row(&version_spelling::RULE, version_spelling::check_pyproject),
    row(&version_local::RULE, version_local::check_pyproject),
    row(
        &version_development::RULE,
        version_development::check_pyproject,
    ),
    row(&version_elsewhere::RULE, version_elsewhere::check),
    row(&change_log::RULE, change_log::check),
];

/// Every rule of these tables, by table and then by code; one that looks at several subjects comes
/// several times.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let pyproject = CHECKS_PYPROJECT.iter().map(|check| check.rule);
    let metadata = CHECKS_METADATA.iter().map(|check| check.rule);
    let tree = CHECKS_TREE.iter().map(|check| check.rule);
    pyproject.chain(tree).chain(metadata).collect()
}

/// A row of a table.
const fn row<S: ?Sized>(rule: &'static Rule, run: fn(&S, &mut Findings)) -> Check<S> {
    Check { rule, run }
}
