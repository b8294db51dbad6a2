//! CRMs: the columns and rules of their import forms, as data, and one record per lead to fill them with. The same
//! columns are how an export from a CRM is recognised.

mod export;
mod profile;
mod soundness;

pub use export::{CrmExport, LackingLead, TooLong, UnlistedValues, crm_export};
pub use profile::{CrmColumn, CrmProfile, Takes};
pub use soundness::{CRM_PROFILE_SCHEMA, ProfileError};
