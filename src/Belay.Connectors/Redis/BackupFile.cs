using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Belay.Connectors.Redis.Keys;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>
/// A backup's file: the commands that make all keys anew, in the form of an append-only file, so that <c>redis-cli --pipe</c>
/// restores it too. A key's group of commands begins with its DEL; a later group of the same key replaces an earlier one.
/// </summary>
internal sealed class BackupFile(string path)
{
    /// <summary>The commands in groups: one of a key, or one of a library of functions.</summary>
    public async IAsyncEnumerable<BackupGroup> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await using var file = Open();
        var reader = new RespReader(file);
        var database = 0;
        var group = new List<RespCommand>();
        while (!await reader.IsAtEndAsync(ct))
        {
            var command = new RespCommand((await reader.ReadAsync(ct)).AsTexts());
            if (command.Name is "SELECT" or "DEL" or "FUNCTION" && group.Count > 0)
            {
                yield return new BackupGroup(database, [.. group]);
                group.Clear();
            }
            if (command.Name == "SELECT")
                database = int.Parse(command.Arguments[1]);
            else
                group.Add(command);
        }
        if (group.Count > 0)
            yield return new BackupGroup(database, [.. group]);
    }

    /// <summary>What each key of the file must look like.</summary>
    public async Task<Dictionary<KeyName, KeyDigest>> DigestsAsync(CancellationToken ct)
    {
        var digests = new Dictionary<KeyName, KeyDigest>();
        await foreach (var group in ReadAsync(ct))
        {
            if (group.Digest is { } digest)
                digests[group.Key!.Value] = digest;
            else if (group.Key is { } gone)
                digests.Remove(gone);
        }
        return digests;
    }

    /// <summary>The libraries of functions in the file, as their commands.</summary>
    public async Task<ImmutableArray<RespCommand>> FunctionsAsync(CancellationToken ct)
    {
        var functions = ImmutableArray.CreateBuilder<RespCommand>();
        await foreach (var group in ReadAsync(ct))
        {
            if (group.Key is null)
                functions.AddRange(group.Commands);
        }
        return functions.ToImmutable();
    }

    /// <summary>SHA-256 of the file, in hexadecimal digits.</summary>
    public async Task<string> HashAsync(CancellationToken ct)
    {
        await using var file = Open();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
    }

    private FileStream Open()
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"the backup {path} cannot be read: {failure.Message}", failure);
        }
    }
}

/// <summary>Commands of a backup that belong together.</summary>
internal sealed record BackupGroup(int Database, ImmutableArray<RespCommand> Commands)
{
    /// <summary>The key; null when the group is a library of functions.</summary>
    public KeyName? Key => Commands[0].Name == "DEL" ? new KeyName(Database, Commands[0].Arguments[1]) : null;

    /// <summary>What the key must look like; null when the group only removes it, or is a library.</summary>
    public KeyDigest? Digest
    {
        get
        {
            if (Key is null || Commands.Length == 1)
                return null;
            var expires = Commands[^1].Name == "PEXPIREAT";
            return KeyDigest.Of(
                Commands.AsSpan()[1..(expires ? ^1 : ^0)],
                expires ? long.Parse(Commands[^1].Arguments[2]) : -1
            );
        }
    }
}
