using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>Reads of a journal's first line only as much as the list of runs needs: a plan can be megabytes long.</summary>
internal static class FirstLine
{
    private const int Enough = 2048;

    /// <summary>The run; null when it has no journal, because it was never begun.</summary>
    /// <exception cref="JournalException">Damaged: a run that cannot be told must not be passed over, for it may be halted half-way.</exception>
    public static RunName? Read(string run, string path)
    {
        try
        {
            using var file = DurableFile.Open(path, FileMode.Open, FileAccess.Read);
            return Read(run, path, file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unreadable(path, e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Faults.Damaged(path, "line 1: it does not start a run", e);
        }
    }

    /// <summary>What the whole first line says of how the run began; its plan is passed over, for it can be megabytes long.</summary>
    /// <exception cref="JournalException">Damaged.</exception>
    public static RunBeginning Beginning(string path, SafeFileHandle file)
    {
        try
        {
            return new LineReader(file, 0).TryRead(out var line) && Beginning(line) is { } known
                ? known
                : throw Faults.Damaged(path, "line 1: the line that starts the run is missing or torn");
        }
        catch (IOException e)
        {
            throw Faults.Unreadable(path, e);
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or FormatException or JournalDamageException)
        {
            throw Faults.Damaged(path, "line 1: it does not start a run", e);
        }
    }

    private static RunBeginning? Beginning(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        var (environment, file) = ((string?)null, (string?)null);
        var inputs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
                continue;
            if (json.CurrentDepth == 2 && environment is null && json.ValueTextEquals("environment"u8) && json.Read())
                environment = json.GetString();
            else if (json.CurrentDepth == 1 && json.ValueTextEquals("plan-file"u8) && json.Read())
                file = json.GetString();
            else if (json.CurrentDepth == 1 && json.ValueTextEquals("inputs"u8) && json.Read())
                ReadInputs(ref json, inputs);
        }
        return environment is null || file is null
            ? null
            : new(environment, file, inputs.Count == 0 ? null : inputs.ToImmutable());
    }

    private static void ReadInputs(ref Utf8JsonReader json, ImmutableSortedDictionary<string, string>.Builder inputs)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            inputs[name] = json.GetString() ?? throw new JsonException("an input has no value");
        }
    }

    private static RunName Read(string run, string path, SafeFileHandle file)
    {
        for (var size = Enough; ; size *= 2)
        {
            var buffer = new byte[size];
            var read = RandomAccess.Read(file, buffer, 0);
            if (Find(run, buffer.AsSpan(0, read)) is { } name)
                return name;
            if (read < size || size >= LineReader.GreatestLine)
                throw Faults.Damaged(path, "line 1: it does not say which environment the run is of");
        }
    }

    // {"v":1,"seq":1,"at":AT,"fence":1,"kind":"run-started","run":RUN,"plan":{…,"environment":ENVIRONMENT
    private static RunName? Find(string run, ReadOnlySpan<byte> beginning)
    {
        var json = new Utf8JsonReader(beginning, isFinalBlock: false, state: default);
        DateTimeOffset? at = null;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
                continue;
            if (json.CurrentDepth == 1 && json.ValueTextEquals("at"u8) && json.Read())
                at = json.GetDateTimeOffset();
            else if (json.CurrentDepth == 2 && json.ValueTextEquals("environment"u8) && json.Read())
                return at is { } started ? new RunName(run, json.GetString()!, started) : null;
        }
        return null;
    }
}
