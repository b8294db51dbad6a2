//! Number formats by the names that HTML and XML Spreadsheet of Excel use instead of codes.

use super::cells::NumberFormat;

/// The format with this name or code.
pub(super) fn number_format(name: &str) -> NumberFormat {
    NumberFormat::new(match name {
        "General Date" => "yyyy/m/d h:mm",
        "Long Date" => "yyyy\"年\"m\"月\"d\"日\"",
        "Medium Date" => "d-mmm-yy",
        "Short Date" => "yyyy/m/d",
        "Long Time" => "h:mm:ss AM/PM",
        "Medium Time" => "h:mm AM/PM",
        "Short Time" => "h:mm",
        "Currency" => "\"¥\"#,##0.00",
        "Euro Currency" => "[$€-2] #,##0.00",
        "Fixed" => "0.00",
        "Standard" => "#,##0.00",
        "Percent" => "0.00%",
        "Scientific" => "0.00E+00",
        "Text" => "@",
        "Yes/No" | "True/False" | "On/Off" => "",
        code => code,
    })
}
