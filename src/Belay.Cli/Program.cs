using Belay.Cli.Verbs;
using Belay.Cli.Work;

CoreDumps.Forbid();
HeadStart.Take(args);
return await CommandLine.RunAsync(args);
