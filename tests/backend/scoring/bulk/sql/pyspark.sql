-- lines
SELECT
  `t4`.`person`,
  `t4`.`record`,
  `t4`.`indicator`,
  IF(
    `t4`.`decays`,
    IF(
      (
        `t4`.`points` * CAST(`t4`.`quantity` AS BIGINT)
      ) < 0,
      -(
        CAST(FLOOR(
          (
            ABS(`t4`.`points` * CAST(`t4`.`quantity` AS BIGINT)) * (
              `t4`.`valid_days` - (
                21244 - CAST(`t4`.`occurred` AS BIGINT)
              )
            )
          ) / (
            `t4`.`valid_days`
          )
        ) AS BIGINT)
      ),
      CAST(FLOOR(
        (
          ABS(`t4`.`points` * CAST(`t4`.`quantity` AS BIGINT)) * (
            `t4`.`valid_days` - (
              21244 - CAST(`t4`.`occurred` AS BIGINT)
            )
          )
        ) / (
          `t4`.`valid_days`
        )
      ) AS BIGINT)
    ),
    `t4`.`points` * CAST(`t4`.`quantity` AS BIGINT)
  ) AS `points`
FROM (
  SELECT
    `t2`.`person`,
    `t2`.`record`,
    `t2`.`indicator`,
    `t2`.`occurred`,
    `t2`.`quantity`,
    `t2`.`expires`,
    `t2`.`objected`,
    `t3`.`code`,
    `t3`.`dimension`,
    `t3`.`points`,
    `t3`.`cap`,
    `t3`.`decays`,
    `t3`.`valid_days`,
    `t3`.`keeps_objected`
  FROM `records` AS `t2`
  INNER JOIN `rules` AS `t3`
    ON `t2`.`indicator` = `t3`.`indicator`
) AS `t4`
WHERE
  CAST(`t4`.`occurred` AS BIGINT) <= 21244
  AND (
    (
      `t4`.`expires` IS NULL
    ) OR (
      21244 < `t4`.`expires`
    )
  )
  AND (
    (
      `t4`.`valid_days` IS NULL
    )
    OR (
      (
        `t4`.`valid_days` - (
          21244 - CAST(`t4`.`occurred` AS BIGINT)
        )
      ) > 0
    )
  )
  AND (
    NOT (
      `t4`.`objected`
    ) OR `t4`.`keeps_objected`
  )

-- scores
SELECT
  `t13`.`person`,
  `t13`.`lines_milli`,
  `t13`.`dimension_0`,
  `t13`.`score_milli`,
  IF(
    `t13`.`score_milli` >= 90000,
    'superb',
    IF(
      `t13`.`score_milli` >= 80000,
      'excellent',
      IF(`t13`.`score_milli` >= 60000, 'good', CAST(NULL AS STRING))
    )
  ) AS `level`
FROM (
  SELECT
    `t12`.`person`,
    `t12`.`lines_milli`,
    `t12`.`dimension_0`,
    IF(
      IF(
        (
          50000 + `t12`.`dimension_0`
        ) IS NULL,
        50000 + `t12`.`dimension_0`,
        LEAST(100000, 50000 + `t12`.`dimension_0`)
      ) IS NULL,
      IF(
        (
          50000 + `t12`.`dimension_0`
        ) IS NULL,
        50000 + `t12`.`dimension_0`,
        LEAST(100000, 50000 + `t12`.`dimension_0`)
      ),
      GREATEST(
        0,
        IF(
          (
            50000 + `t12`.`dimension_0`
          ) IS NULL,
          50000 + `t12`.`dimension_0`,
          LEAST(100000, 50000 + `t12`.`dimension_0`)
        )
      )
    ) AS `score_milli`
  FROM (
    SELECT
      `t11`.`person`,
      COALESCE(`t11`.`lines_milli`, 0) AS `lines_milli`,
      IF(
        IF(
          COALESCE(`t11`.`dimension_0`, 0) IS NULL,
          COALESCE(`t11`.`dimension_0`, 0),
          LEAST(50000, COALESCE(`t11`.`dimension_0`, 0))
        ) IS NULL,
        IF(
          COALESCE(`t11`.`dimension_0`, 0) IS NULL,
          COALESCE(`t11`.`dimension_0`, 0),
          LEAST(50000, COALESCE(`t11`.`dimension_0`, 0))
        ),
        GREATEST(
          -50000,
          IF(
            COALESCE(`t11`.`dimension_0`, 0) IS NULL,
            COALESCE(`t11`.`dimension_0`, 0),
            LEAST(50000, COALESCE(`t11`.`dimension_0`, 0))
          )
        )
      ) AS `dimension_0`
    FROM (
      SELECT
        `t3`.`person`,
        `t10`.`person` AS `person_right`,
        `t10`.`lines_milli`,
        `t10`.`dimension_0`
      FROM `people` AS `t3`
      LEFT OUTER JOIN (
        SELECT
          `t8`.`person`,
          CAST(CAST(SUM(`t8`.`points`) AS DECIMAL(38, 0)) AS BIGINT) AS `lines_milli`,
          CAST(CAST(SUM(
            IF(
              `t8`.`dimension` = 0,
              IF(
                IF(`t8`.`points` IS NULL, `t8`.`points`, LEAST(`t8`.`cap`, `t8`.`points`)) IS NULL,
                IF(`t8`.`points` IS NULL, `t8`.`points`, LEAST(`t8`.`cap`, `t8`.`points`)),
                GREATEST(
                  -(
                    `t8`.`cap`
                  ),
                  IF(`t8`.`points` IS NULL, `t8`.`points`, LEAST(`t8`.`cap`, `t8`.`points`))
                )
              ),
              NULL
            )
          ) AS DECIMAL(38, 0)) AS BIGINT) AS `dimension_0`
        FROM (
          SELECT
            `t7`.`person`,
            `t7`.`indicator`,
            `t7`.`points`,
            `t5`.`dimension`,
            `t5`.`cap`
          FROM (
            SELECT
              `t1`.`person`,
              `t1`.`indicator`,
              CAST(CAST(SUM(`t1`.`points`) AS DECIMAL(38, 0)) AS BIGINT) AS `points`
            FROM `lines` AS `t1`
            GROUP BY
              1,
              2
          ) AS `t7`
          INNER JOIN (
            SELECT
              `t2`.`indicator`,
              `t2`.`dimension`,
              `t2`.`cap`
            FROM `rules` AS `t2`
          ) AS `t5`
            ON `t7`.`indicator` = `t5`.`indicator`
        ) AS `t8`
        GROUP BY
          1
      ) AS `t10`
        ON `t3`.`person` = `t10`.`person`
    ) AS `t11`
  ) AS `t12`
) AS `t13`

-- heaviest
SELECT
  `t1`.`person`,
  `t1`.`place`,
  `t1`.`record`,
  `t1`.`indicator`,
  `t1`.`points`
FROM (
  SELECT
    `t0`.`person`,
    `t0`.`record`,
    `t0`.`indicator`,
    `t0`.`points`,
    ROW_NUMBER() OVER (
      PARTITION BY `t0`.`person`
      ORDER BY ABS(`t0`.`points`) DESC, `t0`.`record` ASC NULLS LAST
    ) - 1 AS `place`
  FROM `lines` AS `t0`
) AS `t1`
WHERE
  `t1`.`place` < 10
