using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Oci;

/// <summary>Inputs of <c>oci.images</c>.</summary>
public sealed record ImagesInputs
{
    /// <summary>The registry.</summary>
    [Connection("oci")]
    public required string Connection { get; init; }

    /// <summary>Names of images, <c>[HOST/]REPOSITORY[:TAG][@DIGEST]</c>. With a tag and a digest, the tag must be that digest.</summary>
    public ImmutableArray<string> Images { get; init; } = [];

    /// <summary>A file with such names, a line each; empty lines and what comes after <c>#</c> do not count.</summary>
    [FileInput]
    public string? List { get; init; }

    /// <summary>The platform that each image must have. Default <c>linux/amd64</c>.</summary>
    public string Platform { get; init; } = "linux/amd64";
}

/// <summary>An image as the registry has it.</summary>
public sealed record FoundImage
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The digest of its manifest; null: the registry has no such image.</summary>
    public string? Digest { get; init; }

    /// <summary>The platforms that it is made for.</summary>
    public required ImmutableArray<string> Platforms { get; init; }
}

/// <summary>What <c>oci.images</c> sees.</summary>
public sealed record ImagesState
{
    /// <summary>Each image, in the order of the inputs.</summary>
    public required ImmutableArray<FoundImage> Images { get; init; }
}

/// <summary><c>oci.images</c>: whether a registry has every image of a release, for the right platform, and none was exchanged.</summary>
internal sealed class Images(ImagesInputs inputs, IScope scope) : ICheck<ImagesState>
{
    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<ImagesInputs, ImagesState>(
            "oci.images",
            "Checks that a registry has every image of a release, by digest and platform",
            options => new OciJson(options),
            inputs => [new Touch($"oci:{inputs.Connection}", TouchKind.Read)],
            (inputs, scope) => new Images(inputs, scope),
            inputs =>
                [
                    .. inputs.Images.IsEmpty && inputs.List is null
                        ? [new InputProblem("images", "no image is named: give 'images', or a 'list'")]
                        : Array.Empty<InputProblem>(),
                    .. inputs
                        .Images.Where(name => ImageName.Parse(name) is null)
                        .Select(name => new InputProblem("images", Problem(name))),
                ]
        );

    public async ValueTask<ImagesState> ObserveAsync(CancellationToken ct)
    {
        using var registry = new Registry(scope.Connection<OciSettings>(inputs.Connection), scope.Clock);
        var found = ImmutableArray.CreateBuilder<FoundImage>();
        foreach (var name in Names())
            found.Add(await FindAsync(registry, name, ct));
        return new ImagesState { Images = found.ToImmutable() };
    }

    public Verdict Judge(ImagesState observed)
    {
        var missing = observed.Images.Where(image => image.Digest is null).Select(image => image.Name).ToList();
        string[] wrong = [.. observed.Images.Where(image => image.Digest is not null).Select(Wrong).OfType<string>()];
        return wrong.Length > 0 ? new Verdict.Broken(string.Join("; ", wrong))
            : missing.Count > 0 ? new Verdict.NotYet($"the registry has no {string.Join(", ", missing)}")
            : Verdict.Ok;
    }

    private string? Wrong(FoundImage image) =>
        ImageName.Parse(image.Name)!.Digest is { } wanted && wanted != image.Digest
            ? $"{image.Name} is {image.Digest} now: its tag was moved"
        : !image.Platforms.Contains(inputs.Platform, StringComparer.Ordinal)
            ? $"{image.Name} is not made for {inputs.Platform}: it is for {string.Join(", ", image.Platforms)}"
        : null;

    private IEnumerable<string> Names() =>
        inputs.Images.Concat(
            inputs.List is { } list
                ? LocalFile
                    .ReadLines(scope.PathOf(list))
                    .Select(line => line.Split('#')[0].Trim())
                    .Where(line => line.Length > 0)
                : []
        );

    private async Task<FoundImage> FindAsync(Registry registry, string text, CancellationToken ct)
    {
        var name = ImageName.Parse(text) ?? throw OperationException.Refused($"{inputs.List}: {Problem(text)}");
        if (name.Host is { } host && host != registry.Host)
            throw OperationException.Refused(
                $"{text} is an image of {host}, and '{inputs.Connection}' is {registry.Host}"
            );
        var manifest = await registry.FindAsync(name.Repository, name.Reference, ct);
        return new FoundImage
        {
            Name = text,
            Digest = manifest?.Digest,
            Platforms = manifest is null ? [] : await PlatformsAsync(registry, name.Repository, manifest, ct),
        };
    }

    // An index says it of each of its manifests; of a single manifest its configuration does (image-spec, config.md).
    private static async Task<ImmutableArray<string>> PlatformsAsync(
        Registry registry,
        string repository,
        Manifest manifest,
        CancellationToken ct
    )
    {
        if (manifest.Content.TryGetProperty("manifests", out var members))
            return
            [
                .. members
                    .EnumerateArray()
                    .Where(member => member.TryGetProperty("platform", out _))
                    .Select(member => Platform(member.GetProperty("platform"))),
            ];
        if (!manifest.Content.TryGetProperty("config", out var config))
            return [];
        return [Platform(await registry.ReadBlobAsync(repository, config.GetProperty("digest").GetString()!, ct))];
    }

    private static string Platform(JsonElement platform)
    {
        var (os, architecture) = (Text(platform, "os"), Text(platform, "architecture"));
        return platform.TryGetProperty("variant", out var variant)
            ? $"{os}/{architecture}/{variant.GetString()}"
            : $"{os}/{architecture}";
    }

    private static string Text(JsonElement platform, string member) =>
        platform.TryGetProperty(member, out var value) ? value.GetString() ?? "unknown" : "unknown";

    private static string Problem(string name) =>
        $"'{name}' is no name of an image with a tag or a digest: [HOST/]REPOSITORY[:TAG][@sha256:DIGEST] is expected";
}
