"""From domain objects to finished words. Nothing else writes a sentence about a verdict, an amount or a date."""
