//! The checks of wheels and sdists, one file each, and the tables that order them.

mod bomb;
mod budget;
mod build_paths;
mod case_collision;
mod ci_files;
mod credential_files;
mod damage;
mod data_directory;
mod duplicate_contents;
mod duplicate_member;
mod egg_info;
mod encoding;
mod entry_point_command;
mod entry_point_extras;
mod entry_point_file;
mod entry_point_module;
mod entry_point_name;
mod entry_point_reference;
mod file_size;
mod foreign_names;
mod framing;
mod growth;
mod gzip_stream;
mod header_mismatch;
mod identity;
mod installer_files;
mod junk_files;
mod largest;
mod licence_files;
mod licence_none;
mod link;
mod matrix_holes;
mod member_path;
mod member_time;
mod method;
mod mode;
mod name_twins;
mod native_abi3;
mod native_architecture;
mod native_code;
mod native_debug;
mod native_hardening;
mod native_libraries;
mod native_macos;
mod native_missing;
mod native_platform;
mod native_suffix;
mod nested_archives;
mod obfuscated;
mod own_imports;
mod package_data;
mod packing;
mod path_files;
mod portable_names;
mod purelib;
mod python_syntax;
mod requires_python_wider;
mod sdist_named_files;
mod sdist_static_fields;
mod secrets;
mod test_data;
mod typing;
mod wheel_bytecode;
mod wheel_common_names;
mod wheel_empty;
mod wheel_modules;
mod wheel_root_files;

mod pkg_info;
mod pkg_info_identity;
mod platform_tag;
mod python_tag;
mod record_digest;
mod record_list;
mod record_missing_digest;
mod record_order;
mod record_row;
mod record_self;
pub(crate) mod report;
mod sdist_build;
mod sdist_filename;
mod sdist_layout;
mod sdist_tests;
mod special_file;
mod tar_form;
#[cfg(test)]
mod testing;
mod wheel_dist_info;
mod wheel_file;
mod wheel_filename;
mod wheel_identity;
mod wheel_link;
mod wheel_required_files;
mod wheel_tags;

pub use obfuscated::{Obfuscation, obfuscated};
use pubflow_finding::{Check, Rule};

pub use matrix_holes::{RULE as WHEEL_MISSING_NOW, Succession};

use crate::archive::Archive;
use crate::comparison::Comparison;
use crate::distribution::UnknownFile;
use crate::sdist::Sdist;
use crate::wheel::Wheel;

/// Checks of a wheel, ordered by code.
pub static CHECKS_WHEEL: &[Check<Wheel>] = &[
    row(&licence_none::RULE, licence_none::check_wheel),
    row(&licence_files::RULE, licence_files::check_wheel),
    row(&wheel_filename::RULE, wheel_filename::check),
    row(&wheel_dist_info::RULE, wheel_dist_info::check),
    row(&wheel_required_files::RULE, wheel_required_files::check),
    row(&wheel_file::RULE, wheel_file::check),
    row(&wheel_tags::RULE, wheel_tags::check),
    row(&wheel_identity::RULE, wheel_identity::check),
    row(&purelib::RULE, purelib::check),
    row(&data_directory::RULE, data_directory::check),
    row(&wheel_bytecode::RULE, wheel_bytecode::check),
    row(&wheel_empty::RULE, wheel_empty::check),
    row(&wheel_root_files::RULE, wheel_root_files::check),
    row(&wheel_common_names::RULE, wheel_common_names::check),
    row(&foreign_names::RULE, foreign_names::check),
    row(&wheel_modules::RULE, wheel_modules::check),
    row(&case_collision::RULE, case_collision::check),
    row(&duplicate_contents::RULE, duplicate_contents::check),
    row(&typing::RULE, typing::check),
    row(&python_syntax::RULE, python_syntax::check),
    row(&path_files::RULE, path_files::check),
    row(&package_data::RULE, package_data::check),
    row(&installer_files::RULE, installer_files::check),
    row(&portable_names::RULE, portable_names::check),
    row(&record_list::RULE, record_list::check),
    row(&record_digest::RULE, record_digest::check),
    row(&record_missing_digest::RULE, record_missing_digest::check),
    row(&record_self::RULE, record_self::check),
    row(&record_row::RULE, record_row::check),
    row(&record_order::RULE, record_order::check),
    row(&entry_point_file::RULE, entry_point_file::check),
    row(&entry_point_name::RULE, entry_point_name::check),
    row(&entry_point_reference::RULE, entry_point_reference::check),
    row(&entry_point_module::RULE, entry_point_module::check),
    row(&entry_point_extras::RULE, entry_point_extras::check),
    row(&entry_point_command::RULE, entry_point_command::check),
    row(&platform_tag::RULE, platform_tag::check),
    row(&native_code::RULE, native_code::check),
    row(&native_missing::RULE, native_missing::check),
    row(&native_architecture::RULE, native_architecture::check),
    row(&native_libraries::RULE, native_libraries::check),
    row(&native_abi3::RULE, native_abi3::check),
    row(&native_suffix::RULE, native_suffix::check),
    row(&native_debug::RULE, native_debug::check),
    row(&native_hardening::RULE, native_hardening::check),
    row(&native_macos::RULE, native_macos::check),
    row(&python_tag::RULE, python_tag::check),
    row(&credential_files::RULE, credential_files::check),
    row(&secrets::RULE, secrets::check),
    row(&junk_files::RULE, junk_files::check),
    row(&build_paths::RULE, build_paths::check),
    row(&obfuscated::RULE, obfuscated::check),
    row(&test_data::RULE, test_data::check),
    row(&member_path::RULE, member_path::check),
    row(&wheel_link::RULE, wheel_link::check),
    row(&duplicate_member::RULE, duplicate_member::check),
    row(&header_mismatch::RULE, header_mismatch::check),
    row(&framing::RULE, framing::check),
    row(&method::RULE, method::check),
    row(&bomb::RULE, bomb::check),
    row(&damage::RULE, damage::check),
    row(&mode::RULE, mode::check),
    row(&name_twins::RULE, name_twins::check),
    row(&encoding::RULE, encoding::check),
    row(&file_size::RULE, file_size::check),
    row(&budget::RULE, budget::check),
    row(&largest::RULE, largest::check),
    row(&packing::RULE, packing::check),
    row(&own_imports::RULE, own_imports::check),
];

/// Checks of an sdist, ordered by code.
pub static CHECKS_SDIST: &[Check<Sdist>] = &[
    row(&licence_none::RULE, licence_none::check_sdist),
    row(&licence_files::RULE, licence_files::check_sdist),
    row(&sdist_static_fields::RULE, sdist_static_fields::check),
    row(&sdist_filename::RULE, sdist_filename::check),
    row(&gzip_stream::RULE, gzip_stream::check),
    row(&sdist_layout::RULE, sdist_layout::check),
    row(&pkg_info::RULE, pkg_info::check),
    row(&pkg_info_identity::RULE, pkg_info_identity::check),
    row(&sdist_build::RULE, sdist_build::check),
    row(&sdist_named_files::RULE, sdist_named_files::check),
    row(&sdist_tests::RULE, sdist_tests::check),
    row(&tar_form::RULE, tar_form::check),
    row(&egg_info::RULE, egg_info::check),
    row(&member_time::RULE, member_time::check),
    row(&case_collision::RULE, case_collision::check),
    row(&portable_names::RULE, portable_names::check),
    row(&credential_files::RULE, credential_files::check),
    row(&secrets::RULE, secrets::check),
    row(&junk_files::RULE, junk_files::check),
    row(&nested_archives::RULE, nested_archives::check),
    row(&build_paths::RULE, build_paths::check),
    row(&obfuscated::RULE, obfuscated::check),
    row(&ci_files::RULE, ci_files::check),
    row(&test_data::RULE, test_data::check),
    row(&member_path::RULE, member_path::check),
    row(&link::RULE, link::check),
    row(&special_file::RULE, special_file::check),
    row(&wheel_link::RULE, wheel_link::check),
    row(&duplicate_member::RULE, duplicate_member::check),
    row(&header_mismatch::RULE, header_mismatch::check),
    row(&framing::RULE, framing::check),
    row(&method::RULE, method::check),
    row(&bomb::RULE, bomb::check),
    row(&damage::RULE, damage::check),
    row(&mode::RULE, mode::check),
    row(&name_twins::RULE, name_twins::check),
    row(&encoding::RULE, encoding::check),
    row(&file_size::RULE, file_size::check),
    row(&budget::RULE, budget::check),
    row(&largest::RULE, largest::check),
    row(&packing::RULE, packing::check),
];

/// Checks of a distribution against the one of the last release, ordered by code.
pub static CHECKS_COMPARISON: &[Check<Comparison>] = &[
    row(&requires_python_wider::RULE, requires_python_wider::check),
    row(&path_files::RULE, path_files::check_new),
    row(&growth::RULE, growth::check),
];

/// Checks of the files of a release against those of the last one, ordered by code.
pub static CHECKS_SUCCESSION: &[Check<Succession>] =
    &[row(&matrix_holes::RULE, matrix_holes::check)];

/// Checks of a file whose name tells no kind, ordered by code.
pub static CHECKS_UNKNOWN: &[Check<UnknownFile>] =
    &[row(&sdist_filename::RULE, sdist_filename::check_unknown)];

const fn row<S>(rule: &'static Rule, run: fn(&S, &mut pubflow_finding::Findings)) -> Check<S> {
    Check { rule, run }
}

/// Every rule of this crate once, ordered by code.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = CHECKS_WHEEL
        .iter()
        .map(|check| check.rule)
        .chain(CHECKS_SDIST.iter().map(|check| check.rule))
        .chain(CHECKS_UNKNOWN.iter().map(|check| check.rule))
        .chain(CHECKS_COMPARISON.iter().map(|check| check.rule))
        .chain(CHECKS_SUCCESSION.iter().map(|check| check.rule))
        .chain(crate::agreement::RULES.iter().copied())
        .collect();
    rules.sort_by_key(|rule| code_number(rule));
    rules.dedup_by_key(|rule| rule.code);
    rules
}

/// The number in a rule's code, for ordering.
fn code_number(rule: &Rule) -> u32 {
    rule.code
        .trim_start_matches('P')
        .parse()
        .unwrap_or(u32::MAX)
}

/// What the checks of archives need of a wheel or an sdist.
pub(crate) trait Subject {
    /// The archive that was read.
    fn archive(&self) -> &Archive;
}

impl Subject for Wheel {
    fn archive(&self) -> &Archive {
        self.archive()
    }
}

impl Subject for Sdist {
    fn archive(&self) -> &Archive {
        self.archive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_order<S>(checks: &[Check<S>]) {
        let codes: Vec<_> = checks.iter().map(|check| code_number(check.rule)).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
    }

    #[test]
    fn tables_are_ordered_by_code_without_doubles() {
        check_order(CHECKS_WHEEL);
        check_order(CHECKS_SDIST);
        check_order(CHECKS_UNKNOWN);
        check_order(CHECKS_COMPARISON);
        check_order(CHECKS_SUCCESSION);
    }

    #[test]
    fn rules_have_unique_names_and_are_explained() {
        let rules = rules();
        let names: std::collections::HashSet<_> = rules.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), rules.len());
        for rule in rules {
            assert!(rule.about.len() > 20, "{}", rule.code);
        }
    }
}
