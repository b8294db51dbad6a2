//! Masking an `.xls`.

use super::XlsPatch;
use crate::mask::Masking;
use crate::patch::error::{Obstacle, PatchError};
use crate::patch::mask::Masked;

impl XlsPatch {
    /// As [`Patch::mask`](crate::Patch::mask).
    pub(in crate::patch) fn mask(
        self,
        _masking: Masking<'_>,
    ) -> Result<(Vec<u8>, Masked), PatchError> {
        Err(PatchError::refused("Workbook", Obstacle::Missing))
    }
}
