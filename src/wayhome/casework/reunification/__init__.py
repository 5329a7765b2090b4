"""From a match by DNA to a child's own front door: what is verified, who decides, what stops it, who visits afterwards."""
