//! How a sheet of figures prints: A4 across, as wide as the page, and no table or chart cut in two.

use rust_xlsxwriter::{Format, Worksheet};

use crate::error::WriteError;

/// Height of the title, which every page repeats where a sheet has several tables.
pub(super) const TITLE_HEIGHT: f64 = 26.0;

const A4: u8 = 9;
/// What the margins leave of an A4 page across, in points.
const PRINTED: (f64, f64) = (769.0, 509.0);
/// Points of a row that nobody made higher.
const ROW_HEIGHT: f64 = 15.0;
/// Points of a line of a sentence.
const LINE_HEIGHT: f64 = 15.5;
/// The width of a column that nobody made wider, in characters.
const USUAL: f64 = 8.43;
/// Characters across a page at least, for the height of sentences.
const MINIMUM_WIDTH: f64 = 54.0;
/// Programs measure letters a little differently: so much of the page is used.
const SAFE: f64 = 0.95;

/// The printed page of a sheet.
pub(super) struct Page {
    last_column: u16,
    /// Characters over which sentences run.
    characters: f64,
    /// Points from the left to the right end of what is printed.
    width: f64,
    /// Points of the sentences so far.
    sentences: f64,
    /// Rows that belong together, the last one excluded.
    blocks: Vec<(u32, u32)>,
}

impl Page {
    pub(super) fn new(widths: &[f64], last_column: u16) -> Self {
        let beyond = (f64::from(last_column) + 1.0 - widths.len() as f64).max(0.0);
        let characters = widths.iter().sum::<f64>() + beyond * USUAL;
        // A character is 7 pixels wide, a column 5 wider than its characters, a pixel three quarters of a point.
        let pixels = characters * 7.0 + (widths.len() as f64 + beyond) * 5.0;
        Self {
            last_column,
            characters: characters.max(MINIMUM_WIDTH) * SAFE,
            width: pixels * 0.75,
            sentences: 0.0,
            blocks: Vec::new(),
        }
    }

    /// Writes a sentence over the whole width.
    pub(super) fn sentence(
        &mut self,
        worksheet: &mut Worksheet,
        row: u32,
        text: &str,
        format: &Format,
    ) -> Result<(), WriteError> {
        worksheet.merge_range(row, 0, row, self.last_column, text, format)?;
        // Merged cells do not grow by themselves.
        let lines = (text_width(text) / self.characters).ceil().max(1.0);
        worksheet.set_row_height(row, LINE_HEIGHT * lines)?;
        if self.blocks.is_empty() {
            self.sentences += LINE_HEIGHT * lines;
        }
        Ok(())
    }

    /// A table with its charts, from its first row to the one below its last.
    pub(super) fn keep_together(&mut self, first: u32, end: u32) {
        self.blocks.push((first, end));
    }

    /// Sets the sheet up, whose tables have their headings in these rows and which ends before `end`.
    pub(super) fn set_up(
        &self,
        worksheet: &mut Worksheet,
        headings: &[u32],
        end: u32,
    ) -> Result<(), WriteError> {
        worksheet
            .set_landscape()
            .set_paper_size(A4)
            .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
            .set_footer("&L&A&R&P / &N")
            .set_print_area(0, 0, end.max(1) - 1, self.last_column)?;
        worksheet.set_print_fit_to_pages(1, 0);
        if let [heading] = headings {
            worksheet.set_repeat_rows(*heading, *heading)?;
            worksheet.set_freeze_panes(heading + 1, 0)?;
        } else {
            let scale = (PRINTED.0 / self.width).min(1.0);
            worksheet.set_repeat_rows(0, 0)?;
            worksheet.set_page_breaks(&self.breaks(PRINTED.1 * SAFE / scale))?;
        }
        Ok(())
    }

    /// The rows before which a page ends, for pages of this height.
    fn breaks(&self, height: f64) -> Vec<u32> {
        let mut breaks = Vec::new();
        let mut used = TITLE_HEIGHT + self.sentences + ROW_HEIGHT;
        for &(first, end) in &self.blocks {
            let block = f64::from(end - first) * ROW_HEIGHT;
            if used + block > height && used > TITLE_HEIGHT {
                breaks.push(first);
                used = TITLE_HEIGHT;
            }
            used += block;
            // What is higher than a page goes on over the next ones.
            while used > height {
                used -= height - TITLE_HEIGHT;
            }
        }
        breaks
    }
}

fn text_width(text: &str) -> f64 {
    text.chars()
        .map(|c| if c > '\u{2E7F}' { 2.0 } else { 1.05 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages of 30 rows below the title: two tables of ten rows and the beginning of the third would fit on the first.
    #[test]
    fn a_page_ends_before_the_table_that_does_not_fit() {
        let mut page = Page::new(&[10.0; 4], 12);
        for first in [2, 12, 22, 32, 42] {
            page.keep_together(first, first + 10);
        }
        assert_eq!(page.breaks(TITLE_HEIGHT + 30.0 * ROW_HEIGHT), [22]);
        assert_eq!(page.breaks(TITLE_HEIGHT + 20.0 * ROW_HEIGHT), [12, 32]);
        assert_eq!(page.breaks(10_000.0), Vec::<u32>::new());
    }

    #[test]
    fn a_table_higher_than_a_page_begins_on_one_of_its_own_and_goes_on() {
        let mut page = Page::new(&[10.0; 4], 12);
        page.keep_together(2, 12);
        page.keep_together(12, 112);
        page.keep_together(112, 118);
        assert_eq!(page.breaks(TITLE_HEIGHT + 30.0 * ROW_HEIGHT), [12]);
    }
}
