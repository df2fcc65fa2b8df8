-- lines
SELECT
  "t4"."person",
  "t4"."record",
  "t4"."indicator",
  CASE
    WHEN "t4"."decays"
    THEN CASE
      WHEN (
        "t4"."points" * CAST("t4"."quantity" AS BIGINT)
      ) < 0
      THEN -(
        CAST(FLOOR(
          (
            ABS("t4"."points" * CAST("t4"."quantity" AS BIGINT)) * (
              "t4"."valid_days" - (
                21244 - CAST("t4"."occurred" AS BIGINT)
              )
            )
          ) / (
            "t4"."valid_days"
          )
        ) AS BIGINT)
      )
      ELSE CAST(FLOOR(
        (
          ABS("t4"."points" * CAST("t4"."quantity" AS BIGINT)) * (
            "t4"."valid_days" - (
              21244 - CAST("t4"."occurred" AS BIGINT)
            )
          )
        ) / (
          "t4"."valid_days"
        )
      ) AS BIGINT)
    END
    ELSE "t4"."points" * CAST("t4"."quantity" AS BIGINT)
  END AS "points"
FROM (
  SELECT
    "t2"."person",
    "t2"."record",
    "t2"."indicator",
    "t2"."occurred",
    "t2"."quantity",
    "t2"."expires",
    "t2"."objected",
    "t3"."code",
    "t3"."dimension",
    "t3"."points",
    "t3"."cap",
    "t3"."decays",
    "t3"."valid_days",
    "t3"."keeps_objected"
  FROM "records" AS "t2"
  INNER JOIN "rules" AS "t3"
    ON "t2"."indicator" = "t3"."indicator"
) AS "t4"
WHERE
  CAST("t4"."occurred" AS BIGINT) <= 21244
  AND (
    (
      "t4"."expires" IS NULL
    ) OR (
      21244 < "t4"."expires"
    )
  )
  AND (
    (
      "t4"."valid_days" IS NULL
    )
    OR (
      (
        "t4"."valid_days" - (
          21244 - CAST("t4"."occurred" AS BIGINT)
        )
      ) > 0
    )
  )
  AND (
    NOT (
      "t4"."objected"
    ) OR "t4"."keeps_objected"
  )

-- scores
SELECT
  "t13"."person",
  "t13"."lines_milli",
  "t13"."dimension_0",
  "t13"."score_milli",
  CASE
    WHEN "t13"."score_milli" >= 90000
    THEN 'superb'
    ELSE CASE
      WHEN "t13"."score_milli" >= 80000
      THEN 'excellent'
      ELSE CASE WHEN "t13"."score_milli" >= 60000 THEN 'good' ELSE CAST(NULL AS TEXT) END
    END
  END AS "level"
FROM (
  SELECT
    "t12"."person",
    "t12"."lines_milli",
    "t12"."dimension_0",
    CASE
      WHEN CASE
        WHEN (
          50000 + "t12"."dimension_0"
        ) IS NULL
        THEN 50000 + "t12"."dimension_0"
        ELSE LEAST(100000, 50000 + "t12"."dimension_0")
      END IS NULL
      THEN CASE
        WHEN (
          50000 + "t12"."dimension_0"
        ) IS NULL
        THEN 50000 + "t12"."dimension_0"
        ELSE LEAST(100000, 50000 + "t12"."dimension_0")
      END
      ELSE GREATEST(
        0,
        CASE
          WHEN (
            50000 + "t12"."dimension_0"
          ) IS NULL
          THEN 50000 + "t12"."dimension_0"
          ELSE LEAST(100000, 50000 + "t12"."dimension_0")
        END
      )
    END AS "score_milli"
  FROM (
    SELECT
      "t11"."person",
      COALESCE("t11"."lines_milli", 0) AS "lines_milli",
      CASE
        WHEN CASE
          WHEN COALESCE("t11"."dimension_0", 0) IS NULL
          THEN COALESCE("t11"."dimension_0", 0)
          ELSE LEAST(50000, COALESCE("t11"."dimension_0", 0))
        END IS NULL
        THEN CASE
          WHEN COALESCE("t11"."dimension_0", 0) IS NULL
          THEN COALESCE("t11"."dimension_0", 0)
          ELSE LEAST(50000, COALESCE("t11"."dimension_0", 0))
        END
        ELSE GREATEST(
          -50000,
          CASE
            WHEN COALESCE("t11"."dimension_0", 0) IS NULL
            THEN COALESCE("t11"."dimension_0", 0)
            ELSE LEAST(50000, COALESCE("t11"."dimension_0", 0))
          END
        )
      END AS "dimension_0"
    FROM (
      SELECT
        "t3"."person",
        "t10"."person" AS "person_right",
        "t10"."lines_milli",
        "t10"."dimension_0"
      FROM "people" AS "t3"
      LEFT OUTER JOIN (
        SELECT
          "t8"."person",
          CAST(CAST(SUM("t8"."points") AS DECIMAL(38, 0)) AS BIGINT) AS "lines_milli",
          CAST(CAST(SUM(
            CASE
              WHEN CASE
                WHEN "t8"."points" IS NULL
                THEN "t8"."points"
                ELSE LEAST("t8"."cap", "t8"."points")
              END IS NULL
              THEN CASE
                WHEN "t8"."points" IS NULL
                THEN "t8"."points"
                ELSE LEAST("t8"."cap", "t8"."points")
              END
              ELSE GREATEST(
                -(
                  "t8"."cap"
                ),
                CASE
                  WHEN "t8"."points" IS NULL
                  THEN "t8"."points"
                  ELSE LEAST("t8"."cap", "t8"."points")
                END
              )
            END
          ) FILTER(WHERE
            "t8"."dimension" = 0) AS DECIMAL(38, 0)) AS BIGINT) AS "dimension_0"
        FROM (
          SELECT
            "t7"."person",
            "t7"."indicator",
            "t7"."points",
            "t5"."dimension",
            "t5"."cap"
          FROM (
            SELECT
              "t1"."person",
              "t1"."indicator",
              CAST(CAST(SUM("t1"."points") AS DECIMAL(38, 0)) AS BIGINT) AS "points"
            FROM "lines" AS "t1"
            GROUP BY
              1,
              2
          ) AS "t7"
          INNER JOIN (
            SELECT
              "t2"."indicator",
              "t2"."dimension",
              "t2"."cap"
            FROM "rules" AS "t2"
          ) AS "t5"
            ON "t7"."indicator" = "t5"."indicator"
        ) AS "t8"
        GROUP BY
          1
      ) AS "t10"
        ON "t3"."person" = "t10"."person"
    ) AS "t11"
  ) AS "t12"
) AS "t13"

-- heaviest
SELECT
  "t1"."person",
  "t1"."place",
  "t1"."record",
  "t1"."indicator",
  "t1"."points"
FROM (
  SELECT
    "t0"."person",
    "t0"."record",
    "t0"."indicator",
    "t0"."points",
    ROW_NUMBER() OVER (
      PARTITION BY "t0"."person"
      ORDER BY ABS("t0"."points") DESC, "t0"."record" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "place"
  FROM "lines" AS "t0"
) AS "t1"
WHERE
  "t1"."place" < 10
