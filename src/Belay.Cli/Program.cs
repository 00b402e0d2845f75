using Belay.Cli.Verbs;

return await CommandLine.RunAsync(args);
