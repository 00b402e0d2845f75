using System.Collections.Immutable;
using System.Text;
using Belay.Connectors;
using Belay.Domain.Operations;
using Belay.Planning.Tests;

namespace Hostile.Corpus;

/// <summary>All plans and environments of the repository, in copies of their folders.</summary>
internal static class PlanCorpus
{
    /// <summary>The real operations.</summary>
    public static Catalog Real { get; } = ConnectorList.Load();

    private static readonly Catalog Fake = FakeCatalog.Make();

    /// <param name="folder">Where the copies are made.</param>
    public static ImmutableArray<PlanFolder> Folders(string folder)
    {
        Copy("examples/storefront/release", Path.Combine("storefront", "release"), Real);
        Copy("tests/Belay.Rehearsal.Tests/storefront", "storefront", Real);
        File.Copy(
            Repository.PathOf("examples/storefront/upgrade.yaml"),
            Path.Combine(folder, "storefront", "upgrade.yaml"),
            overwrite: true
        );
        ImmutableArray<PlanFolder> folders =
        [
            new(Path.Combine(folder, "storefront"), Real),
            Copy("tests/Belay.Rehearsal.Tests/plans", "rehearsal", Real),
            Copy("tests/LintPages/cases", "lint", Real),
            Copy("tests/Belay.Planning.Tests/cases", "planning", Fake),
            Copy("tests/Kills/plan", "kills", Real),
        ];
        foreach (var one in folders)
            Directory.CreateDirectory(Path.Combine(one.Location, "environments"));
        return folders;

        PlanFolder Copy(string from, string to, Catalog catalog)
        {
            var location = Path.Combine(folder, to);
            Repository.Copy(from, location);
            return new PlanFolder(location, catalog);
        }
    }

    /// <summary>The plans of some folders.</summary>
    public static ImmutableArray<Sample> Plans(ImmutableArray<PlanFolder> folders) =>
        [
            .. folders.SelectMany(PlansOf),
            Made("a plan with every kind of item", FullPlan, folders[0]),
            .. Operations(folders[0]),
        ];

    private static IEnumerable<Sample> Operations(PlanFolder folder) =>
        folder.Catalog.Connectors.Select(connector =>
            Made($"every operation of {connector.Name}", EveryOperation.PlanOf(connector), folder)
        );

    /// <summary>The environments of some folders, each with a plan that is read for it.</summary>
    public static ImmutableArray<Sample> Environments(ImmutableArray<PlanFolder> folders) =>
        [
            .. folders.SelectMany(folder =>
                Directory
                    .EnumerateFiles(Path.Combine(folder.Location, "environments"), "*.yaml")
                    .Order(StringComparer.Ordinal)
                    .Select(file => new PlanSample(
                        Name(file, folder),
                        File.ReadAllBytes(file),
                        folder,
                        "hostile",
                        ImmutableDictionary<string, string>.Empty
                    ))
            ),
            new PlanSample(
                "an environment with everything",
                Encoding.UTF8.GetBytes(FullEnvironment),
                folders[0],
                "hostile",
                ImmutableDictionary<string, string>.Empty
            ),
        ];

    private static IEnumerable<Sample> PlansOf(PlanFolder folder) =>
        Directory
            .EnumerateFiles(folder.Location, "*.yaml")
            .Order(StringComparer.Ordinal)
            .Select(file => PlanOf(file, folder));

    /// <summary>A case says in its first lines for which environment and with which inputs it is read; a page of lint has an environment of its own name.</summary>
    private static PlanSample PlanOf(string file, PlanFolder folder)
    {
        var said = File.ReadLines(file, Encoding.Latin1)
            .TakeWhile(line => line.StartsWith("# ", StringComparison.Ordinal))
            .ToArray();
        var own = Path.GetFileNameWithoutExtension(file);
        var environment =
            said.FirstOrDefault(line => line.StartsWith("# env ", StringComparison.Ordinal))?["# env ".Length..]
            ?? (File.Exists(Path.Combine(folder.Location, "environments", $"{own}.yaml")) ? own : "default");
        var inputs = said.Where(line => line.StartsWith("# input ", StringComparison.Ordinal))
            .Select(line => line["# input ".Length..].Split('=', 2))
            .ToImmutableDictionary(pair => pair[0], pair => pair[1]);
        return new PlanSample(Name(file, folder), File.ReadAllBytes(file), folder, environment, inputs);
    }

    private static string Name(string file, PlanFolder folder) =>
        $"{Path.GetFileName(folder.Location)}/{Path.GetRelativePath(folder.Location, file)}";

    private static PlanSample Made(string name, string text, PlanFolder folder) =>
        new(name, Encoding.UTF8.GetBytes(text), folder, "default", ImmutableDictionary<string, string>.Empty);

    private const string FullPlan = """
        belay: 1
        upgrade: shop
        from: 4.1.0
        to: 4.2.0
        inputs:
          mode: { type: choice, choices: [fast, slow], default: fast, description: how }
          names: { type: list, default: [a, b] }
          parts: { type: number, default: 3 }
        releases:
          4.1.0: { schema: { db: { least: 41, greatest: 42 } } }
          4.2.0: { schema: { db: { least: 42 } } }
        watch:
          shop: { http: "${env.shop_url}/healthz", every: 200ms, tolerate: 1, json: { release: 4.1.0 } }
        steps:
          - phase: look
            steps:
              - check: files.env-keys
                with: { example: release/4.2.0/.env.example, environment: app.env }
              - check: http.get
                with: { url: "${env.shop_url}/status", expect: { status: 200, json: { release: "${from}", parts: [1, { a: null }] } } }
                within: 30s
                for: 5s
                every: 1s
              - check: files.contains
                with: { path: "conf/*.env", text: "a*b" }
              - id: proof
                check: evidence.attested
                with: { file: attestation.json, key: upgrade.yaml, upgrade: shop, at-most: 7d }
          - id: backup
            do: postgresql.backup
            with: { connection: db, to: backups/pre.dump, prove: restore }
          - id: expand
            do: postgresql.migrate
            with: { connection: db, directory: release/4.2.0/migrations, to: 42 }
            restore: backup
            backup-age: 2h
            limit: 10m
            impact: { route: shop, at-most: 60s, reason: "sessions are dropped" }
          - parallel:
              - id: left
                do: files.write
                with: { path: a.txt, content: "${run.date} ${steps.backup.path}", show: true }
              - id: right
                do: shell.run
                with: { command: [sh, -c, "exit 0"], check: { command: ["true"] }, undo: { command: ["true"] }, environment: { A: "${secret:shop_db_password}" } }
          - during: { freeze: redis.freeze-writes, at-most: 20s, with: { connection: cache-old } }
            steps:
              - do: redis.replicate
                with: { from: cache-old, connection: cache-new }
          - phase: roll
            each: { server: "${env.servers}", canary: 1, batch: 2, tolerate: 1 }
            steps:
              - do: haproxy.attach
                with: { connection: edge, backend: shop, server: "${server.new}", address: "${server.new_address}" }
              - do: haproxy.drain
                with: { connection: edge, backend: shop, server: "${server.old}", at-most: 10m }
          - soak: { samples: 10, watch: shop }
          - soak: 15m
          - approve: { by: release-manager, not: starter, count: 2 }
          - confirm: { instructions: "Look at it\nand say so", by: operator }
          - id: late
            when: { value: "${inputs.mode}", in: [slow, never] }
            do: files.delete
            with: { path: old.txt }

        """;

    private const string FullEnvironment = """
        shared: false
        connections:
          edge: { kind: haproxy, sockets: ["/run/shop/haproxy.sock"] }
          db: { kind: postgresql, host: 127.0.0.1, port: 5432, database: shop, user: shop, password: "${secret:shop_db_password}" }
          cache-old: { kind: redis, host: 127.0.0.1, port: 6379 }
          cache-new: { kind: redis, host: 127.0.0.1, port: 6380, password: "${secret:token}" }
          api: { kind: http, url: "https://shop.example/" }
        secrets:
          shop_db_password: { env: SHOP_DB_PASSWORD }
          token: { file: secrets/token }
        values:
          shop_url: http://127.0.0.1:8000
          load_url: http://127.0.0.1:8100
          cache_file: run/cache.env
          program: Storefront.dll
          servers:
            - { name: web3, old: web1, old_address: 127.0.0.1:8001, new: web3, new_address: 127.0.0.1:8003 }
            - { name: web4, old: web2, old_address: 127.0.0.1:8002, new: web4, new_address: 127.0.0.1:8004 }
        roles:
          release-manager: [ben, carla]
          operator: [anna]
        people:
          ben: { key: "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n" }
        policies:
          signatures: required
          soak: { before-never: 30m, each-phase: 5m }
          approvals: { least: 2, self: false }
          windows:
            - { days: [mon, tue, wed, thu], from: "09:00", to: "16:00", zone: Europe/Berlin }
            - { days: [sat], from: "22:00", to: "04:00", zone: Etc/UTC }
          freezes:
            - { from: 2026-12-18, to: 2027-01-06, zone: Europe/Berlin, reason: the holidays }
            - { from: "2026-11-27 00:00", to: "2026-11-30 12:00", zone: America/New_York, reason: the sale }
          protected: ["postgresql:*", "redis:cache-*"]
        accept:
          - { code: no-canary, step: roll, by: ben, reason: two servers, until: 2027-01-31 }
          - code: route-unproven
            step: roll
            by: carla
            reason: looked at by hand
            until: 2026-12-31
            signature: { key: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", on: "2026-11-21T12:00:00.0000000+00:00", value: MEUCIQ== }

        """;
}
