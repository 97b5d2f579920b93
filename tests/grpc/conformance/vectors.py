"""The questions: every model of histories of purchases, with made-up parameters and customers.

A new model takes part without a line here: its parameters come from the catalogue by name.
"""
import random

ROWS = 16  # customers per question
WHOLE = {"k": [1.0, 2.0, 3.0]}  # parameters that count
QUANTITIES = ["p_alive", "expected_purchases", "no_purchase"]
WITH_SPEND = ["expected_spend", "clv", "clv_p10", "clv_p50", "clv_p90", "clv_mu", "clv_sigma"]
SEED = 20260229


class question:
    """One model and its customers; x, t_x, T, mean_spend per row, mean_spend None where unknown."""

    def __init__(self, purchase, spend, rows, horizon):
        self.purchase, self.spend, self.rows, self.horizon = purchase, spend, rows, horizon
        self.quantities = QUANTITIES + (WITH_SPEND if spend else [])
        if purchase["parameters"].get("k", 1) == 1:  # else it needs litt, which no door carries
            self.quantities = ["log_likelihood", *self.quantities]

    def __str__(self):
        spend = f"+{self.spend['model']}" if self.spend else ""
        return f"{self.purchase['model']}{spend} {self.purchase['parameters']}"


def positive(chance, spread=0.8):
    """Around 1, with all 53 bits."""
    return chance.lognormvariate(0, spread)


def part(chance, name, names):
    """One time in three parameters from a thousandth to a thousand."""
    spread = chance.choice([0.8, 0.8, 2.5])
    parameters = {p: chance.choice(WHOLE[p]) if p in WHOLE else positive(chance, spread)
                  for p in names}
    return {"model": name, "parameters": parameters}


def spend_part(chance, name, names):
    """A mean of spending exists from q = 1 on."""
    made = part(chance, name, names)
    for p in made["parameters"]:
        made["parameters"][p] += 1.5
    return made


# Ends of the domain: just arrived, a century old, bought now, bought a thousand times.
EDGES = [(0.0, 0.0, 1e-6, None), (3.0, 1e-300, 1e5, 1e-6), (7.0, 39.0, 39.0, 123456789.01),
         (1000.0, 99.9, 100.0, 0.1 + 0.2)]


def customer(chance):
    T = chance.uniform(0.5, 150)
    x = float(chance.choice([0, 0, 1, 2, 3, 5, 8, 13, 40]))
    t_x = T * chance.random() if x > 0 else 0.0
    return x, t_x, T, 20 * positive(chance) if x > 0 else None


def questions(models):
    """`models`: rows of clv_catalogue("models"): name, kind, parameters."""
    chance = random.Random(SEED)
    spends = [m for m in models if m["kind"] == "spend"]
    for model in models:
        if model["kind"] != "purchases":
            continue  # counts of opportunities have no column in SummaryRow
        for spend in (None, *spends, *spends):
            rows = EDGES + [customer(chance) for _ in range(ROWS - len(EDGES))]
            yield question(part(chance, model["name"], model["parameters"].split(",")),
                           spend and spend_part(chance, spend["name"],
                                                spend["parameters"].split(",")),
                           rows, chance.uniform(1, 80))
