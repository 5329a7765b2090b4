"""From families and children to ranked candidates."""
