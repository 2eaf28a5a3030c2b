//! The checks of core metadata and of pyproject.toml: one file and one table row each.
//!
//! A check looks at one parsed subject and adds findings; it never fails. What needs an archive, a
//! source tree, a rendered description or an index is checked in other crates.

mod metadata;
#[cfg(test)]
mod probe;
mod pyproject;

mod authors;
mod backend_reference;
mod build_requires;
mod byte_order_mark;
mod classifier_deprecated;
mod classifier_private;
mod classifier_unknown;
mod content_type;
mod dependency_direct;
mod dependency_groups;
mod dependency_invalid;
mod description_long;
mod description_newline;
mod dynamic_and_static;
mod dynamic_field;
mod dynamic_unknown;
mod entry_points;
mod extra_name;
mod field_too_new;
mod form_broken;
mod home_page;
mod identity;
mod import_name;
mod injection;
mod licence_clash;
mod licence_classifier;
mod licence_expression;
mod licence_file_path;
mod licence_table;
mod mail_address;
mod metadata_large;
mod metadata_version;
mod newer_toml;
mod not_toml;
mod project_key;
mod project_name;
mod project_types;
mod project_url;
mod project_version;
mod readme;
mod requirement_metadata;
mod requires_python;
mod script_name;
mod summary;
mod top_level;
mod unknown_build_key;
mod urls;
mod version_development;
mod version_invalid;
mod version_local;
mod version_spelling;

#[cfg(test)]
mod tests;

use pubflow_finding::Check;

pub use metadata::MetadataSubject;
pub use pyproject::PyprojectSubject;

/// Checks of a core metadata file, ordered by code.
pub static CHECKS_METADATA: [Check<MetadataSubject>; 26] = [
    Check {
        rule: &requires_python::RULE,
        run: requires_python::check_metadata,
    },
    Check {
        rule: &classifier_unknown::RULE,
        run: classifier_unknown::check_metadata,
    },
    Check {
        rule: &classifier_deprecated::RULE,
        run: classifier_deprecated::check_metadata,
    },
    Check {
        rule: &classifier_private::RULE,
        run: classifier_private::check_metadata,
    },
    Check {
        rule: &import_name::RULE,
        run: import_name::check_metadata,
    },
    Check {
        rule: &extra_name::RULE,
        run: extra_name::check_metadata,
    },
    Check {
        rule: &licence_expression::RULE,
        run: licence_expression::check_metadata,
    },
    Check {
        rule: &licence_classifier::RULE,
        run: licence_classifier::check_metadata,
    },
    Check {
        rule: &licence_file_path::RULE,
        run: licence_file_path::check_metadata,
    },
    Check {
        rule: &version_spelling::RULE,
        run: version_spelling::check_metadata,
    },
    Check {
        rule: &version_local::RULE,
        run: version_local::check_metadata,
    },
    Check {
        rule: &version_development::RULE,
        run: version_development::check_metadata,
    },
    Check {
        rule: &metadata_version::RULE,
        run: metadata_version::check,
    },
    Check {
        rule: &field_too_new::RULE,
        run: field_too_new::check,
    },
    Check {
        rule: &form_broken::RULE,
        run: form_broken::check,
    },
    Check {
        rule: &identity::RULE,
        run: identity::check,
    },
    Check {
        rule: &summary::RULE,
        run: summary::check,
    },
    Check {
        rule: &content_type::RULE,
        run: content_type::check,
    },
    Check {
        rule: &mail_address::RULE,
        run: mail_address::check,
    },
    Check {
        rule: &project_url::RULE,
        run: project_url::check,
    },
    Check {
        rule: &home_page::RULE,
        run: home_page::check,
    },
    Check {
        rule: &requirement_metadata::RULE,
        run: requirement_metadata::check,
    },
    Check {
        rule: &dynamic_field::RULE,
        run: dynamic_field::check,
    },
    Check {
        rule: &licence_clash::RULE,
        run: licence_clash::check,
    },
    Check {
        rule: &metadata_large::RULE,
        run: metadata_large::check,
    },
    Check {
        rule: &injection::RULE,
        run: injection::check,
    },
];

/// Checks of a pyproject.toml, ordered by code.
pub static CHECKS_PYPROJECT: [Check<PyprojectSubject>; 37] = [
    Check {
        rule: &not_toml::RULE,
        run: not_toml::check,
    },
    Check {
        rule: &byte_order_mark::RULE,
        run: byte_order_mark::check,
    },
    Check {
        rule: &newer_toml::RULE,
        run: newer_toml::check,
    },
    Check {
        rule: &top_level::RULE,
        run: top_level::check,
    },
    Check {
        rule: &build_requires::RULE,
        run: build_requires::check,
    },
    Check {
        rule: &backend_reference::RULE,
        run: backend_reference::check,
    },
    Check {
        rule: &unknown_build_key::RULE,
        run: unknown_build_key::check,
    },
    Check {
        rule: &project_name::RULE,
        run: project_name::check,
    },
    Check {
        rule: &project_version::RULE,
        run: project_version::check,
    },
    Check {
        rule: &dynamic_and_static::RULE,
        run: dynamic_and_static::check,
    },
    Check {
        rule: &dynamic_unknown::RULE,
        run: dynamic_unknown::check,
    },
    Check {
        rule: &project_key::RULE,
        run: project_key::check,
    },
    Check {
        rule: &project_types::RULE,
        run: project_types::check,
    },
    Check {
        rule: &description_newline::RULE,
        run: description_newline::check,
    },
    Check {
        rule: &description_long::RULE,
        run: description_long::check,
    },
    Check {
        rule: &readme::RULE,
        run: readme::check,
    },
    Check {
        rule: &requires_python::RULE,
        run: requires_python::check_pyproject,
    },
    Check {
        rule: &authors::RULE,
        run: authors::check,
    },
    Check {
        rule: &classifier_unknown::RULE,
        run: classifier_unknown::check_pyproject,
    },
    Check {
        rule: &classifier_deprecated::RULE,
        run: classifier_deprecated::check_pyproject,
    },
    Check {
        rule: &classifier_private::RULE,
        run: classifier_private::check_pyproject,
    },
    Check {
        rule: &urls::RULE,
        run: urls::check,
    },
    Check {
        rule: &entry_points::RULE,
        run: entry_points::check,
    },
    Check {
        rule: &script_name::RULE,
        run: script_name::check,
    },
    Check {
        rule: &import_name::RULE,
        run: import_name::check_pyproject,
    },
    Check {
        rule: &dependency_invalid::RULE,
        run: dependency_invalid::check,
    },
    Check {
        rule: &dependency_direct::RULE,
        run: dependency_direct::check,
    },
    Check {
        rule: &extra_name::RULE,
        run: extra_name::check_pyproject,
    },
    Check {
        rule: &dependency_groups::RULE,
        run: dependency_groups::check,
    },
    Check {
        rule: &licence_expression::RULE,
        run: licence_expression::check_pyproject,
    },
    Check {
        rule: &licence_table::RULE,
        run: licence_table::check,
    },
    Check {
        rule: &licence_classifier::RULE,
        run: licence_classifier::check_pyproject,
    },
    Check {
        rule: &licence_file_path::RULE,
        run: licence_file_path::check_pyproject,
    },
    Check {
        rule: &version_invalid::RULE,
        run: version_invalid::check,
    },
    Check {
        rule: &version_spelling::RULE,
        run: version_spelling::check_pyproject,
    },
    Check {
        rule: &version_local::RULE,
        run: version_local::check_pyproject,
    },
    Check {
        rule: &version_development::RULE,
        run: version_development::check_pyproject,
    },
];
