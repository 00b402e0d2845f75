# Filled in by the upgrade.
