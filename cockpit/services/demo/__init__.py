"""The demo company: invented customers with a year behind them, built from a seed and a clock."""

from __future__ import annotations

from cockpit.services.demo.build import DemoBuilt, build_demo

__all__ = ["DemoBuilt", "build_demo"]
