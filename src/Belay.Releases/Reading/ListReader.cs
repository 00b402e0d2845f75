namespace Belay.Releases.Reading;

/// <summary>Reads lists of images: texts in which most lines are references with a tag or a digest.</summary>
internal static class ListReader
{
    public static void Read(SourceFile file, Gathering gathered)
    {
        var lines = file
            .Text.Split('\n')
            .Select((line, i) => (Text: line.Trim(), Number: i + 1))
            .Where(line => line.Text.Length > 0 && line.Text[0] != '#')
            .ToArray();
        var images = lines
            .Select(line => ImageReference.Of(line.Text, $"{file.Shown}:{line.Number}"))
            .OfType<ImageFact>()
            .Where(image => image.Tag is not null || image.Digest is not null)
            .ToArray();
        if (images.Length * 2 > lines.Length)
            gathered.Images.AddRange(images);
    }
}
