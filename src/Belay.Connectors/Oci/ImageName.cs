namespace Belay.Connectors.Oci;

/// <summary>The name of an image: <c>[HOST/]REPOSITORY[:TAG][@DIGEST]</c>. Pure.</summary>
/// <remarks>The grammar: https://github.com/distribution/reference (reference.go) and the distribution specification.</remarks>
/// <param name="Host">The registry, when the name has one.</param>
/// <param name="Repository">The repository, such as <c>shop/web</c>.</param>
/// <param name="Tag">The tag; null when only the digest is named.</param>
/// <param name="Digest">The digest, <c>sha256:...</c>; null when only the tag is named.</param>
internal sealed record ImageName(string? Host, string Repository, string? Tag, string? Digest)
{
    private const string Sha256 = "sha256:";
    private const int DigestLength = 64;

    /// <summary>What the registry is asked for: the tag, or the digest where there is none.</summary>
    public string Reference => Tag ?? Digest!;

    /// <summary>Reads a name; null: it is none. A name without tag and digest is none either: what <c>latest</c> is today says nothing about tomorrow.</summary>
    public static ImageName? Parse(string text)
    {
        var (name, digest) = text.Split('@') switch
        {
            [var only] => (only, null),
            [var before, var after] when IsDigest(after) => (before, after),
            _ => ("", null),
        };
        var path = name.Split('/');
        // As docker reads it: what comes first is a host when it could be no repository.
        var hasHost = path.Length > 1 && (path[0].Contains('.') || path[0].Contains(':') || path[0] == "localhost");
        var rest = string.Join('/', hasHost ? path[1..] : path).Split(':');
        var (repository, tag) = (rest[0], rest.Length == 2 ? rest[1] : null);
        return
            rest.Length <= 2
            && IsRepository(repository)
            && (tag is not null || digest is not null)
            && (tag is null || IsTag(tag))
            ? new ImageName(hasHost ? path[0] : null, repository, tag, digest)
            : null;
    }

    private static bool IsDigest(string text) =>
        text.StartsWith(Sha256, StringComparison.Ordinal)
        && text.Length == Sha256.Length + DigestLength
        && text[Sha256.Length..].All(char.IsAsciiHexDigitLower);

    private static bool IsRepository(string text) =>
        text.Length > 0
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-' or '/')
        && text.Split('/').All(part => part.Length > 0 && char.IsAsciiLetterOrDigit(part[0]));

    private static bool IsTag(string text) =>
        text.Length is > 0 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
