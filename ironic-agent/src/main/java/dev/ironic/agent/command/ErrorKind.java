package dev.ironic.agent.command;

/** The error classes of the agent's wire: class name, HTTP-like code and fixed short message. */
public enum ErrorKind {
  INVALID_CONTENT("InvalidContentError", 400, "Invalid request body"),
  INVALID_COMMAND("InvalidCommandError", 400, "Invalid command"),
  INVALID_COMMAND_PARAMS("InvalidCommandParamsError", 400, "Invalid command parameters"),
  OBJECT_NOT_FOUND("RequestedObjectNotFoundError", 404, "Not found"),
  DEVICE_NOT_FOUND(
      "DeviceNotFound", 404, "Error finding the disk or partition device to deploy the image onto"),
  AGENT_IS_BUSY("AgentIsBusy", 409, "Agent is busy"),
  VERSION_MISMATCH(
      "VersionMismatch",
      409,
      "Hardware managers version mismatch, reload agent with correct version"),
  COMMAND_EXECUTION("CommandExecutionError", 500, "Command execution failed"),
  IMAGE_DOWNLOAD("ImageDownloadError", 500, "Error downloading image"),
  IMAGE_DOWNLOAD_OUT_OF_SPACE(
      "ImageDownloadOutofSpaceError", 500, "Error downloading image: no space left"),
  IMAGE_DOWNLOAD_FATAL("ImageDownloadFatalError", 500, "Error downloading image"),
  IMAGE_DOWNLOAD_TIMEOUT("ImageDownloadTimeoutError", 408, "Image download timed out"),
  IMAGE_CHECKSUM("ImageChecksumError", 500, "Error verifying image checksum"),
  IMAGE_WRITE("ImageWriteError", 500, "Error writing image to device"),
  INVALID_IMAGE("InvalidImage", 500, "Error validating image"),
  SYSTEM_REBOOT("SystemRebootError", 500, "Error rebooting system"),
  BLOCK_DEVICE_ERASE("BlockDeviceEraseError", 500, "Error erasing block device"),
  BLOCK_DEVICE("BlockDeviceError", 500, "Block device caused unknown error"),
  UNKNOWN_NODE("UnknownNodeError", 500, "Error getting configuration from Ironic"),
  HARDWARE_MANAGER_NOT_FOUND(
      "HardwareManagerNotFound", 500, "No valid HardwareManager found for the machine"),
  HARDWARE_MANAGER_METHOD_NOT_FOUND(
      "HardwareManagerMethodNotFound", 500, "No HardwareManager found to handle method"),
  INCOMPATIBLE_HARDWARE_METHOD(
      "IncompatibleHardwareMethodError",
      500,
      "HardwareManager method is not compatible with hardware"),
  CLEANING("CleaningError", 500, "Clean step failed"),
  DEPLOYMENT("DeploymentError", 500, "Deploy step failed"),
  SERVICING("ServicingError", 500, "Service step failed"),
  PROTECTED_DEVICE("ProtectedDeviceError", 500, "Protected device located, cannot proceed"),
  CLOCK_SYNC("ClockSyncError", 500, "Error syncing the clock");

  private final String type;
  private final int code;
  private final String message;

  ErrorKind(String type, int code, String message) {
    this.type = type;
    this.code = code;
    this.message = message;
  }

  /** The class name on the wire. */
  public String type() {
    return type;
  }

  /** The HTTP-like code. */
  public int code() {
    return code;
  }

  /** The short message. */
  public String message() {
    return message;
  }
}
