using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Belay.Connectors.S3;

/// <summary>The answers of an S3 service that are XML.</summary>
internal static class S3Listing
{
    /// <summary>A page of <c>ListObjectVersions</c>, in the service's order: by key, the newest version first.</summary>
    /// <param name="Versions">The versions and deletions.</param>
    /// <param name="NextKey">Where the next page begins; null: this was the last one.</param>
    /// <param name="NextVersion">The version at which it begins.</param>
    internal sealed record Page(IReadOnlyList<ObjectVersion> Versions, string? NextKey, string? NextVersion);

    public static Page Versions(string xml)
    {
        var root = Parse(xml);
        return new(
            [
                .. root.Elements()
                    .Where(element => element.Name.LocalName is "Version" or "DeleteMarker")
                    .Select(element => (Version: Version(element), At: Text(element, "LastModified")))
                    // Amazon lists in this order; others put the marks of deletions after the versions.
                    .OrderBy(one => one.Version.Key, Comparer<string>.Create(Utf8Order.Compare))
                    .ThenByDescending(one => one.Version.IsLatest)
                    .ThenByDescending(one => one.At, StringComparer.Ordinal)
                    .Select(one => one.Version),
            ],
            Text(root, "IsTruncated") == "true" ? Text(root, "NextKeyMarker") : null,
            Text(root, "NextVersionIdMarker")
        );
    }

    private static ObjectVersion Version(XElement element) =>
        new(
            Text(element, "Key") ?? "",
            Text(element, "VersionId") ?? "null",
            element.Name.LocalName == "DeleteMarker",
            Text(element, "IsLatest") == "true",
            Text(element, "ETag")?.Trim('"') ?? "",
            long.Parse(Text(element, "Size") ?? "0", CultureInfo.InvariantCulture)
        );

    /// <summary>Whether the bucket keeps versions.</summary>
    public static bool IsVersioned(string xml) => Text(Parse(xml), "Status") == "Enabled";

    /// <summary>The id of the owner that an answer names; null: it names none.</summary>
    public static string? Owner(string xml) => Child(Parse(xml), "Owner") is { } owner ? Text(owner, "ID") : null;

    /// <summary>When a bucket was made, as the list of buckets writes it; null: it is not in the list.</summary>
    public static string? MadeAt(string xml, string bucket) =>
        Child(Parse(xml), "Buckets")?.Elements().FirstOrDefault(one => Text(one, "Name") == bucket) is { } found
            ? Text(found, "CreationDate")
            : null;

    /// <summary>The id of an upload in parts that begins.</summary>
    public static string UploadId(string xml) =>
        Text(Parse(xml), "UploadId") ?? throw new XmlException("there is no UploadId in the answer");

    /// <summary>What is wrong, in the service's words; null when the answer is no error.</summary>
    public static (string Code, string Message)? Error(string xml)
    {
        try
        {
            var root = Parse(xml);
            return root.Name.LocalName == "Error" ? (Text(root, "Code") ?? "", Text(root, "Message") ?? "") : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    // No document type: it is the door through which a hostile answer would read files.
    private static XElement Parse(string xml)
    {
        using var reader = XmlReader.Create(
            new StringReader(xml),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
        );
        return XElement.Load(reader);
    }

    private static XElement? Child(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name);

    private static string? Text(XElement parent, string name) => Child(parent, name)?.Value;
}
