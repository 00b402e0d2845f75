using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Belay.Domain.Contract;
using Belay.Formats.Sql;

namespace Belay.Connectors.PostgreSql;

/// <summary>A folder of numbered migrations: <c>042_name.sql</c>, and beside it <c>042_name.down.sql</c> when there is an exact way back.</summary>
internal sealed partial class MigrationFolder
{
    private readonly string folder;
    private readonly ImmutableSortedDictionary<int, string> up;
    private readonly ImmutableSortedDictionary<int, string> down;

    private MigrationFolder(
        string folder,
        ImmutableSortedDictionary<int, string> up,
        ImmutableSortedDictionary<int, string> down
    ) => (this.folder, this.up, this.down) = (folder, up, down);

    /// <summary>Lists a folder; the files are read when they are needed.</summary>
    /// <exception cref="OperationException">Refused: there is no such folder, a file has no number, or two have the same.</exception>
    public static MigrationFolder Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw OperationException.Refused($"there is no folder {folder} with migrations");
        var upFiles = ImmutableSortedDictionary.CreateBuilder<int, string>();
        var downFiles = ImmutableSortedDictionary.CreateBuilder<int, string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.sql").Order(StringComparer.Ordinal))
        {
            var file = Path.GetFileName(path);
            if (Numbered().Match(file) is not { Success: true } match)
                throw OperationException.Refused(
                    $"{folder}: {file} has no number; name it as 042_what_it_does.sql (or .down.sql)"
                );
            var files = match.Groups["down"].Success ? downFiles : upFiles;
            var version = int.Parse(match.Groups["version"].ValueSpan, CultureInfo.InvariantCulture);
            if (!files.TryAdd(version, file))
                throw OperationException.Refused($"{folder}: {files[version]} and {file} have the same number");
        }
        return new MigrationFolder(folder, upFiles.ToImmutable(), downFiles.ToImmutable());
    }

    /// <summary>The numbers of the migrations, ascending.</summary>
    public IEnumerable<int> Versions => up.Keys;

    /// <summary>Whether there is a file of this number.</summary>
    public bool Has(int version) => up.ContainsKey(version);

    /// <summary>Whether the way back of this number lies there.</summary>
    public bool HasDown(int version) => down.ContainsKey(version);

    /// <summary>Reads a migration.</summary>
    /// <exception cref="OperationException">Refused: it is missing, or holds what no migration can hold.</exception>
    public MigrationFile Read(int version) =>
        up.TryGetValue(version, out var file)
            ? Read(version, file)
            : throw OperationException.Refused($"{folder}: there is no migration {version:000}");

    /// <summary>Reads the way back of a migration.</summary>
    /// <exception cref="OperationException">Refused: it is missing, or holds what no migration can hold.</exception>
    public MigrationFile ReadDown(int version) =>
        down.TryGetValue(version, out var file) ? Read(version, file)
        : up.TryGetValue(version, out var forward)
            ? throw OperationException.Refused(
                $"{folder}: {forward} has no way back: {Path.ChangeExtension(forward, ".down.sql")} is missing"
            )
        : throw OperationException.Refused($"{folder}: there is no way back from version {version:000}");

    private MigrationFile Read(int version, string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, file));
        var text = Encoding.UTF8.GetString(bytes);
        var migration = new MigrationFile
        {
            Version = version,
            Name = file[..^".sql".Length],
            File = file,
            Checksum = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Statements = Split(file, text),
            WithoutTransaction = MigrationFile.IsMarked(text),
        };
        Check(migration);
        return migration;
    }

    private static ImmutableArray<SqlStatement> Split(string file, string text)
    {
        try
        {
            return SqlSplitter.Split(text);
        }
        catch (FormatException e)
        {
            throw OperationException.Refused($"{file}, {e.Message}", e);
        }
    }

    private static void Check(MigrationFile migration)
    {
        var wrong = migration.Statements.FirstOrDefault(statement => statement.Objection is not null);
        if (wrong is not null)
            throw OperationException.Refused($"{migration.File}, line {wrong.Line}: {wrong.Objection}");
        if (!migration.WithoutTransaction)
            return;
        if (migration.Statements.Length != 1)
            throw OperationException.Refused(
                $"{migration.File}: a file without a transaction holds exactly one statement, not {migration.Statements.Length}"
            );
        if (!migration.Statements[0].IsHarmlessToRepeat)
            throw OperationException.Refused(
                $"{migration.File}, line {migration.Statements[0].Line}: a crash can repeat a statement without a transaction, so only these may stand here: "
                    + "CREATE INDEX CONCURRENTLY IF NOT EXISTS, DROP INDEX CONCURRENTLY IF EXISTS, ALTER TYPE ... ADD VALUE IF NOT EXISTS, REINDEX, VACUUM, ANALYZE"
            );
    }

    [GeneratedRegex(
        @"^(?<version>[0-9]{1,9})_[^.]+(?<down>\.down)?\.sql$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Numbered();
}
