//! 订单状态: where an order stands (S4).

super::category! {
    /// Status of an order.
    OrderStatus {
        /// Placed.
        Placed = "已下单" / "Placed" ["下单", "新建", "待发货"];
        /// In production.
        InProduction = "生产中" / "In production" ["生产"];
        /// Shipped.
        Shipped = "已发货" / "Shipped" ["发货", "部分发货", "待验收"];
        /// Completed.
        Completed = "已完成" / "Completed" ["完成"];
        /// Cancelled: not a won lead.
        Cancelled = "已取消" / "Cancelled" ["取消", "已作废"];
        /// In trouble.
        Problem = "有问题" / "Problem" ["问题", "异常"];
    }
}
