"""The words every room shares: frozen dataclasses and unions, nothing that acts."""
