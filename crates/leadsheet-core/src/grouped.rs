//! Rows put to the leads that they are about, side by side, in one pass that counts and one that puts.

/// Items gathered to groups, as rows to leads: four bytes an item and four a group, whatever the groups' sizes.
#[derive(Debug, Default)]
pub struct Grouped {
    /// Where the items of each group begin; one more than there are groups.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Grouped {
    /// Puts each item to its group, which is less than `groups`: those of a group stay in the order in which they come. The
    /// same pairs of group and item are asked for twice.
    ///
    /// # Panics
    /// Where there is no such group.
    pub fn new<I: Iterator<Item = (usize, u32)>>(groups: usize, of_items: impl Fn() -> I) -> Self {
        let mut starts = vec![0_u32; groups + 1];
        for (group, _) in of_items() {
            starts[group + 1] += 1;
        }
        for group in 1..starts.len() {
            starts[group] += starts[group - 1];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts.last().copied().unwrap_or_default() as usize];
        for (group, item) in of_items() {
            let next = &mut next[group];
            items[*next as usize] = item;
            *next += 1;
        }
        Self { starts, items }
    }

    /// Sorts the items of each group. Those with equal keys may change places.
    pub fn sort_by_key<K: Ord>(&mut self, key: impl Fn(u32) -> K) {
        for span in self.starts.windows(2) {
            let items = &mut self.items[span[0] as usize..span[1] as usize];
            // Mostly they are sorted, and mostly they are few.
            if !items.is_sorted_by_key(|&item| key(item)) {
                items.sort_unstable_by_key(|&item| key(item));
            }
        }
    }

    /// The items of a group; none where there is no such group.
    pub fn get(&self, group: usize) -> &[u32] {
        match (self.starts.get(group), self.starts.get(group + 1)) {
            (Some(&start), Some(&end)) => &self.items[start as usize..end as usize],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Grouped;

    #[test]
    fn items_stand_by_group_in_the_order_in_which_they_came() {
        let of_items = [(2, 7), (0, 9), (2, 1), (0, 4), (2, 3)];
        let mut grouped = Grouped::new(3, || of_items.into_iter());
        let all = |grouped: &Grouped| {
            (0..4)
                .map(|it| grouped.get(it).to_vec())
                .collect::<Vec<_>>()
        };
        assert_eq!(all(&grouped), [vec![9, 4], vec![], vec![7, 1, 3], vec![]]);
        grouped.sort_by_key(|item| item);
        assert_eq!(all(&grouped), [vec![4, 9], vec![], vec![1, 3, 7], vec![]]);
    }
}
