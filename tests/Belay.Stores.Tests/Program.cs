using Belay.Stores.Tests;
using Belay.Stores.Tests.Files;
using Xunit.MicrosoftTestingPlatform;

return args is [SecondProcess.Option, var role, .. var rest]
    ? await SecondProcess.MainAsync(role, rest)
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
