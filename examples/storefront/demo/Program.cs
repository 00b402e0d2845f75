using Storefront.Demo;

if (DemoOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(DemoOptions.Usage);
    return 64;
}

// Ctrl-C ends the demonstration in order: Belay, which gets it too, halts; then everything that was started is ended.
using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    end.Cancel();
};

var folder = Path.GetFullPath(options.Folder ?? Directory.CreateTempSubdirectory("belay-storefront-").FullName);
Directory.CreateDirectory(folder);

// PostgreSQL refuses root and runs as another user then, who has to get through to its own folder.
File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
try
{
    // What did not go well is left whole, to be looked at.
    if (!await new Demonstration(options, folder).RunAsync(end.Token))
        return 1;
    LiveSystem.RemoveData(folder);
    return 0;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("ended by Ctrl-C; everything that was started is ended");
    return 130;
}
