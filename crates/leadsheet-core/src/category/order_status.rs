//! 订单状态: where an order stands (S4).

super::category! {
    /// Status of an order.
    OrderStatus {
        /// Placed.
        Placed = "已下单" / "Placed" ["下单", "新建", "待发货"];
        /// In production.
        InProduction = "生产中" / "In production" ["生产"];
        /// Shipped.
        Shipped = "已发货" / "Shipped" ["发货", "已出货", "部分发货", "待验收"];
        /// Completed.
        Completed = "已完成" / "Completed" ["完成"];
        /// Cancelled: not a won lead.
        Cancelled = "已取消" / "Cancelled" ["取消", "已作废"];
        /// In trouble.
        Problem = "有问题" / "Problem" ["问题", "异常"];
    }
}

impl OrderStatus {
    /// Whether an order may go from this status to `next`: forward past any number of steps, into trouble and out of it, or
    /// cancelled before it is completed.
    pub const fn may_become(self, next: OrderStatus) -> bool {
        match (self, next) {
            (OrderStatus::Cancelled, OrderStatus::Cancelled) => true,
            (OrderStatus::Cancelled, _) | (OrderStatus::Completed, OrderStatus::Cancelled) => false,
            (_, OrderStatus::Problem | OrderStatus::Cancelled) | (OrderStatus::Problem, _) => true,
            (from, to) => from as usize <= to as usize,
        }
    }

    /// Whether the customer still waits for the goods.
    pub const fn is_undelivered(self) -> bool {
        matches!(self, OrderStatus::Placed | OrderStatus::InProduction)
    }
}

#[cfg(test)]
mod tests {
    use super::OrderStatus::{Cancelled, Completed, InProduction, Placed, Problem, Shipped};

    #[test]
    fn an_order_goes_forward_or_into_trouble() {
        for (from, to) in [
            (Placed, InProduction),
            (Placed, Shipped),
            (InProduction, InProduction),
            (Shipped, Problem),
            (Problem, InProduction),
            (Placed, Cancelled),
            (Completed, Problem),
        ] {
            assert!(from.may_become(to), "{from} to {to}");
        }
        for (from, to) in [
            (Shipped, InProduction),
            (Completed, Placed),
            (Completed, Cancelled),
            (Cancelled, Placed),
        ] {
            assert!(!from.may_become(to), "{from} to {to}");
        }
    }
}
