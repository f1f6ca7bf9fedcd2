#!/usr/bin/env python3
"""Restores a continuity copy into an SQLite database, and says what each site has.

Usage: restore.py COPY.tar.gz.age IDENTITY DATABASE

It needs python3, age and tar, and nothing of the program that made the copy. Every file is compared
with the copy's manifest before it is taken in; every table becomes a table of the same name. Printed
is one line for each site: lines, units on hand, open orders, and what the units are worth in pence.
"""
import csv
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from fractions import Fraction


def unseal(copy, identity, folder):
    """Decrypts the copy and unpacks it into the folder."""
    plain = os.path.join(folder, "plain.tar.gz")
    subprocess.run(["age", "--decrypt", "--identity", identity, "--output", plain, copy], check=True)
    subprocess.run(["tar", "--extract", "--gzip", "--file", plain, "--directory", folder], check=True)


def check(folder, listed):
    """Stops at a file that is not what the manifest lists."""
    with open(os.path.join(folder, listed["name"]), "rb") as file:
        content = file.read()
    if len(content) != listed["bytes"] or hashlib.sha256(content).hexdigest() != listed["sha256"]:
        sys.exit(f"{listed['name']}: is not the file that the manifest lists")


def load(database, folder, listed):
    """Makes a table of a CSV file; empty fields become NULL."""
    with open(os.path.join(folder, listed["name"]), newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        header = next(rows)
        if header != [column["name"] for column in listed["columns"]]:
            sys.exit(f"{listed['name']}: has other columns than the manifest lists")
        table = listed["name"].removesuffix(".csv")
        columns = ", ".join(f'"{name}"' for name in header)
        places = ", ".join("?" for _ in header)
        database.execute(f'CREATE TABLE "{table}" ({columns})')
        database.executemany(
            f'INSERT INTO "{table}" VALUES ({places})',
            ([field or None for field in row] for row in rows),
        )
    count = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    if count != listed["rows"]:
        sys.exit(f"{listed['name']}: has {count} rows, and the manifest lists {listed['rows']}")


LINES = """
SELECT stock.site, stock.product, sum(CAST(on_hand_units AS INTEGER)),
       coalesce((SELECT price FROM prices
                 WHERE prices.site = stock.site AND prices.product = stock.product
                   AND to_date IS NULL ORDER BY from_date DESC LIMIT 1),
                products.unit_price, '0')
FROM stock JOIN products ON products.product = stock.product
GROUP BY stock.site, stock.product
"""
ORDERS = 'SELECT site, count(DISTINCT "order") FROM on_order GROUP BY site'


def sums(database):
    """Lines, units, open orders and pence of each site."""
    sites = {row[0]: [0, 0, 0, 0] for row in database.execute("SELECT site FROM sites")}
    for site, _, units, price in database.execute(LINES):
        sites[site][0] += 1
        sites[site][1] += units
        sites[site][3] += int(Fraction(price) * 100 * units)
    for site, orders in database.execute(ORDERS):
        sites[site][2] = orders
    return sites


def main(copy, identity, target):
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(target) as database:
        unseal(copy, identity, folder)
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)
        for listed in manifest["files"]:
            check(folder, listed)
            if "columns" in listed:
                load(database, folder, listed)
        for site, (lines, units, orders, pence) in sorted(sums(database).items()):
            print(f"{site} lines {lines} units {units} orders {orders} pence {pence}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
