/** Bytes that CloudFormation takes in a request, and from a bucket.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const bodyLimit = 51_200
export const templateLimit = 1_048_576
