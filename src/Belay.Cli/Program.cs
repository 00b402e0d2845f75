using Belay.Cli.Verbs;
using Belay.Cli.Work;

HeadStart.Take(args);
return await CommandLine.RunAsync(args);
