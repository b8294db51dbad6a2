//! The JSON Schema of template definitions, for editors: completion, and mistakes underlined while they are typed.

/// The schema. It is derived from [`TemplateDefinition`](crate::TemplateDefinition) and its parts; a test keeps it fresh.
pub const TEMPLATE_SCHEMA: &str = include_str!("../../templates/schema.json");

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::TEMPLATE_SCHEMA;
    use crate::template::TemplateDefinition;

    #[test]
    fn the_schema_on_file_is_that_of_the_types() {
        let fresh = serde_json::to_value(schemars::schema_for!(TemplateDefinition)).unwrap();
        let on_file: serde_json::Value = serde_json::from_str(TEMPLATE_SCHEMA).unwrap();
        if on_file != fresh && std::env::var_os("LEADSHEET_BLESS").is_some() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/schema.json");
            std::fs::write(file, serde_json::to_string_pretty(&fresh).unwrap() + "\n").unwrap();
            return;
        }
        assert!(
            on_file == fresh,
            "templates/schema.json is stale: LEADSHEET_BLESS=1 cargo test -p leadsheet-workbook schema writes it anew"
        );
    }
}
