"""How much is asked, used and allowed: measurements, autoscalers, quotas, and whose slowness is whose."""
